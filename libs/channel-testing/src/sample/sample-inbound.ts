import {
  createIdCodec,
  PayloadError,
  SignatureError,
  verifyHmacSha256,
  type Account,
  type Received,
  type WebhookRequest,
} from '@omni-hub/channel-sdk';
import type {
  ChatId,
  ContactId,
  ContactRef,
  DeliveryUpdated,
  InboundEvent,
  MessageId,
} from '@omni-hub/contracts';
import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

/** One update of the sample platform. */
interface SampleUpdate {
  id: string;
  kind: string;
  at: number;
  chat: string;
  from: string;
  message: string;
  text: string;
}

export type SampleRead = (update: unknown, account: Account | null) => Received;
export type SampleVerify = (secret: string, request: WebhookRequest) => boolean;

export const sampleIds = createIdCodec('sample');

/** True when the request's signature is the HMAC of its bytes. */
export const verifySample: SampleVerify = (secret, { headers, body }) =>
  verifyHmacSha256(secret, body, headers['x-sample-signature'] ?? '');

/** The answer to the platform's question whether this webhook is ours. */
export function answerChallenge(secret: string, { query }: WebhookRequest): Received {
  if (query.secret !== secret) throw new SignatureError('The verification secret is not the configured one');
  return { events: [], reply: { status: 200, contentType: 'text/plain', body: query.challenge ?? '' } };
}

export function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new PayloadError('The body is not JSON');
  }
}

/** One update, or a batch of them, as events. */
export const readSample: SampleRead = (value, account) => {
  if (!Array.isArray(value)) return readUpdate(value, account);
  const received = value.map((update) => readItem(update, account));
  const ignored = received.flatMap((item) => item.ignored ?? []);
  const events = received.flatMap((item) => item.events);
  return ignored.length > 0 ? { events, ignored } : { events };
};

const readUpdate: SampleRead = (value, account) => {
  const update = checked(value);
  const base = { eventId: update.id, at: update.at, rawKind: update.kind };
  switch (update.kind) {
    case 'message':
      return { events: [messageEvent(base, update, account)] };
    case 'receipt':
      return { events: [receiptEvent(base, update)] };
    case 'person':
      return { events: [{ type: 'contact', ...base, contact: personOf(update) }] };
    case 'standing': {
      const about = { what: 'standing', detail: update.text, connection: null, restricted: true };
      return { events: [{ type: 'account', ...base, ...about }] };
    }
    default:
      return {
        events: [],
        ignored: [
          { eventId: update.id, rawKind: update.kind, reason: 'The channel does not know this kind' },
        ],
      };
  }
};

/** A bad item is reported and does not cost the others. */
const readItem: SampleRead = (value, account) => {
  try {
    return readUpdate(value, account);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    const eventId = createHash('sha256').update(inspect(value)).digest('hex');
    return { events: [], ignored: [{ eventId, rawKind: 'unreadable', reason: error.message }] };
  }
};

/** A body without the token that the platform repeats in it. */
export function scrubSample(body: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(body.toString('utf8')), withoutToken));
  } catch {
    return body;
  }
}

function withoutToken(key: string, value: unknown): unknown {
  return key === 'token' ? undefined : value;
}

type Base = Pick<InboundEvent, 'eventId' | 'at' | 'rawKind'>;

/** What became of a message: the text is the status. */
function receiptEvent(base: Base, { chat, message, text }: SampleUpdate): DeliveryUpdated {
  const failed = text === 'failed';
  if (!failed && text !== 'read') throw new PayloadError('The status is none that the sample knows');
  return {
    type: 'delivery',
    ...base,
    messageId: sampleIds.encode<MessageId>(chat, message),
    status: text,
    errorCode: failed ? 'RESTRICTED' : null,
    detail: failed ? 'The account may begin no conversations' : null,
    deliveryId: null,
    restricted: failed,
  };
}

/** The text is the name, the chat another id of the same person. */
function personOf({ from, text, chat }: SampleUpdate): ContactRef {
  return { ...contactOf(from), name: text, aliases: [sampleIds.encode<ContactId>(chat)] };
}

function contactOf(id: string): ContactRef {
  return {
    id: sampleIds.encode<ContactId>(id),
    name: null,
    username: null,
    phone: null,
    locale: null,
    isBot: false,
  };
}

function messageEvent(base: Base, update: SampleUpdate, account: Account | null): InboundEvent {
  return {
    type: 'message',
    ...base,
    chat: { id: sampleIds.encode<ChatId>(update.chat), kind: 'direct', title: null },
    sender: contactOf(update.from),
    message: {
      id: sampleIds.encode<MessageId>(update.chat, update.message),
      text: update.text,
      entities: [],
      attachments: [],
      mentions: [],
      replyTo: null,
      forwardedFrom: null,
      albumId: null,
      fromMe: update.from === account?.id,
    },
  };
}

function checked(value: unknown): SampleUpdate {
  const update = value as SampleUpdate | null;
  const texts = ['id', 'kind', 'chat', 'from', 'message', 'text'] as const;
  const sound =
    typeof update === 'object' &&
    update !== null &&
    texts.every((key) => typeof update[key] === 'string' && update[key] !== '') &&
    Number.isInteger(update.at);
  if (!sound) throw new PayloadError('The body is not an update');
  return update;
}
