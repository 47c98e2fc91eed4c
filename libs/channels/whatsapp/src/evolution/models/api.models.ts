import type { OutboundFile } from '@omni-hub/channel-sdk';

/** The calls that are made of Evolution API v2, each behind its own path: https://doc.evolution-api.com/v2/api-reference. */
export interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  /** Without the instance, which follows: `message/sendText`. */
  path: string;
  /** After the instance; not encoded. */
  query?: Readonly<Record<string, string>>;
  body?: object;
  /** A file of the body: the field that holds its bytes in base64. */
  file?: { field: string; bytes: Pick<OutboundFile, 'size' | 'open'> };
  /** The instance stands in the query or the body instead of the path. */
  anyInstance?: boolean;
}

/** An instance that is linked to an ordinary account, not to Meta's API. */
export const integration = 'WHATSAPP-BAILEYS';

/** A message's key, as Baileys has it. */
export interface Key {
  id: string;
  remoteJid: string;
  fromMe: boolean;
  participant?: string;
}

/** A message that is answered. Evolution looks it up in its database, and drops the quote without a word where it is not there. */
export interface Quoted {
  key: Key;
}

/** `webhook/set`, and the same within `instance/create`. `events` must always be there. */
export interface Webhook {
  enabled: boolean;
  url: string;
  headers: Record<string, string>;
  byEvents: boolean;
  base64: boolean;
  events: readonly string[];
}
