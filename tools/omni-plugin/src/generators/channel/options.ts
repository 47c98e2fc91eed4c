import { namesOf, type Names } from '../../workspace/names';

export const auths = ['hmac', 'token', 'ed25519', 'none'] as const;
export const transports = ['webhook', 'gateway', 'polling'] as const;

/** What `nx generate channel` is told; `schema.json` describes each. */
export interface ChannelOptions {
  id: string;
  title?: string;
  auth?: (typeof auths)[number];
  transport?: (typeof transports)[number];
  apiUrl?: string;
  docs?: string;
  fromOpenapi?: string;
}

/** What the templates ask for. */
export interface ChannelPlan extends Names {
  id: string;
  auth: (typeof auths)[number];
  transport: (typeof transports)[number];
  apiUrl: string | null;
  docs: string | null;
  /** The channel has a webhook. */
  receives: boolean;
  /** The channel holds a connection. */
  listens: boolean;
  /** The configuration chooses between the two. */
  hasMode: boolean;
  /** The configuration has a `webhookSecret`. */
  hasSecret: boolean;
}

/** Ids that would take another library's name: `@omni-hub/channel-sdk`. */
const reserved = ['sdk', 'testing'];

/** Checks the options and fills in what they leave open. Throws an Error that says what to write instead. */
export function planOf(options: ChannelOptions): ChannelPlan {
  const { id, auth = 'hmac', transport = 'webhook' } = options;
  const names = namesOf(id, 'channel id');
  if (reserved.includes(id)) throw new Error(`"${id}" is taken by @omni-hub/channel-${id}: use another id`);
  oneOf('auth', auth, auths);
  oneOf('transport', transport, transports);
  const listens = transport !== 'webhook';
  const receives = !listens || auth !== 'none';
  return {
    ...names,
    id,
    title: titleOf(options.title ?? names.title),
    auth,
    transport,
    apiUrl: addressOf('apiUrl', options.apiUrl),
    docs: addressOf('docs', options.docs),
    receives,
    listens,
    hasMode: receives && listens,
    hasSecret: receives && auth !== 'ed25519',
  };
}

function oneOf(option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value))
    throw new Error(`--${option} is one of ${allowed.join(', ')}, not "${value}"`);
}

/** It stands in texts, comments and Markdown. */
function titleOf(title: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N} .&+-]{0,39}$/u.test(title)) return title;
  throw new Error(`--title has up to 40 letters, digits, blanks and . & + -, not "${title}"`);
}

function addressOf(option: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (/^https?:\/\/[^\s'"`()<>\\|]+$/.test(value) && URL.canParse(value)) return value.replace(/\/$/, '');
  throw new Error(`--${option} is an http(s) address, not "${value}"`);
}
