import {
  AmbiguousError,
  ChatMovedError,
  ConfigError,
  createIdCodec,
  RateLimitedError,
  RecipientGoneError,
  RejectedError,
  statusToSendError,
  UnauthorizedError,
  UnreachableError,
  type SendError,
} from '@omni-hub/channel-sdk';
import type { Method } from '../models/api.models';

/** An answer that is not a success. `body` is parsed JSON, or the text that came instead. */
export interface Refusal {
  method: Method;
  status: number;
  body: unknown;
  /** The header `Retry-After`, seconds. */
  retryAfter: string | undefined;
}

interface ErrorBody {
  ok: false;
  error_code: number;
  description: string;
  parameters?: { migrate_to_chat_id?: number; retry_after?: number };
}

const codec = createIdCodec('telegram');

/** Methods whose limit is the bot's own, not a chat's. */
const wholeBot: readonly Method[] = ['getMe', 'getUpdates', 'getWebhookInfo', 'setWebhook', 'deleteWebhook'];

/**
 * The Bot API's words for "nobody is there", and what to do. Telegram has no codes for them, and says that the words may
 * change (https://core.telegram.org/bots/api#making-requests): what is not known here is still told, as a refusal.
 */
const goneBecause: readonly (readonly [RegExp, string])[] = [
  [/blocked by the user|user_is_blocked/i, 'they have to unblock the bot or write to it again'],
  [
    /user is deactivated|deleted account|input_user_deactivated/i,
    'the account was deleted; nothing can be sent to it',
  ],
  [/bot was kicked|not a member of/i, 'add the bot to the chat again'],
  [/chat was deleted|group chat was deactivated/i, 'the chat is gone; use another one'],
  [/can't initiate conversation/i, 'the person has to write to the bot first'],
  [
    /message thread not found|topic_deleted|topic_id_invalid/i,
    'the topic was deleted; use another topic or the chat itself',
  ],
  [
    /business connection not found|business_connection_invalid/i,
    'the account disconnected the bot; connect it again in Telegram',
  ],
  [
    /chat not found|peer_id_invalid|user not found/i,
    'check the id; a person has to write to the bot first, and the bot has to be in a group',
  ],
];

/** What can be done about a refusal that is not about the recipient. */
const advice: readonly (readonly [RegExp, string])[] = [
  [/method not found/i, 'the Bot API server is too old for this; update it, or use https://api.telegram.org'],
  [
    /not enough rights|need administrator|chat_(write|admin)|chat_send_\w+_forbidden/i,
    'give the bot the right in the chat',
  ],
  [/topic_closed/i, 'open the topic again, or make the bot an administrator that may manage topics'],
  [
    /file is too big|too large/i,
    'Telegram takes 50 MB (photos 10 MB) and gives 20 MB; a Bot API server of your own has larger limits',
  ],
  [
    /reaction_invalid|reaction_empty/i,
    "use one of Telegram's reactions: https://core.telegram.org/bots/api#reactiontypeemoji",
  ],
  [/query is too old/i, 'a press has to be answered within minutes'],
  [
    /can't be deleted/i,
    'a bot may delete messages of the last 48 hours, and those of others only as an administrator',
  ],
  [/can't be edited/i, 'only messages that the bot sent can be edited'],
  [/message is too long/i, 'send it in parts'],
  [/button_(data|url)_invalid|reply_markup/i, "check the buttons' ids and links"],
];

/** Turns what Telegram answered into one of the closed list. The caller takes the secrets out of `body` before. */
export function toFailure(refusal: Refusal): SendError {
  const { method, status, retryAfter } = refusal;
  if (status === 200) {
    return new AmbiguousError(`Telegram's answer to ${method} is not readable: it may or may not have acted`);
  }
  const body = readBody(refusal.body);
  if (status === 429) return tooFast(method, body?.parameters?.retry_after ?? (Number(retryAfter) || 1));
  if (status === 502 || status === 503) {
    return new UnreachableError(`Telegram is down (${status}): it is tried again`, {
      platformCode: String(status),
    });
  }
  if (status === 401) return unauthorized('401', body?.description ?? 'Unauthorized');
  if (!body) return notTelegram(refusal);
  return toRefusal(method, body);
}

/** What Telegram said, in its own words, to tell refusals apart that have a way round. */
export function isSaid(error: unknown, words: RegExp): boolean {
  return error instanceof Error && 'platformCode' in error && words.test(error.message);
}

function toRefusal(method: Method, { error_code: code, description, parameters }: ErrorBody): SendError {
  const details = { platformCode: String(code) };
  const movedTo = parameters?.migrate_to_chat_id;
  if (movedTo !== undefined) {
    return new ChatMovedError(
      `Telegram: ${description}. The chat has a new id: ${movedTo}`,
      codec.encode(movedTo),
      details,
    );
  }
  if (code === 404 && !/method not found/i.test(description)) return unauthorized('404', description);
  if (/logged out/i.test(description)) {
    return new UnauthorizedError(
      `Telegram: ${description}. The bot was moved to another Bot API server: set apiUrl to that one, or wait 10 minutes after its logOut`,
      details,
    );
  }
  if (code === 409) return new ConfigError(`Telegram: ${description}`, details);
  if (code >= 500) return statusToSendError(code, `Telegram: ${description}`);
  const gone = find(goneBecause, description);
  if (gone) return new RecipientGoneError(`Telegram: ${description}; ${gone}`, details);
  const hint = find(advice, description);
  return new RejectedError(`Telegram refuses ${method}: ${description}${hint ? `; ${hint}` : ''}`, details);
}

function tooFast(method: Method, seconds: number): RateLimitedError {
  const scope = wholeBot.includes(method) ? 'instance' : 'chat';
  const message = `Telegram allows ${method} again in ${seconds} s`;
  return new RateLimitedError(message, seconds * 1000, scope, { platformCode: '429' });
}

function unauthorized(platformCode: string, description: string): UnauthorizedError {
  return new UnauthorizedError(
    `Telegram refuses the token (${description}): copy it again from @BotFather, /mybots, API Token`,
    { platformCode },
  );
}

/** A status without Telegram's words comes from something between: a proxy, or a wrong address. */
function notTelegram({ method, status }: Refusal): SendError {
  if (status === 413) {
    return new RejectedError(
      `Telegram refuses ${method}: the file is too large; the limit is 50 MB, photos 10 MB`,
      {
        platformCode: '413',
      },
    );
  }
  if (status < 400 || status === 404) {
    return new ConfigError(`What answers at apiUrl (status ${status}) is no Bot API server: check apiUrl`);
  }
  return statusToSendError(status, `the answer to ${method} is not Telegram's: is there a proxy between?`);
}

function find(table: readonly (readonly [RegExp, string])[], description: string): string | undefined {
  return table.find(([pattern]) => pattern.test(description))?.[1];
}

function readBody(body: unknown): ErrorBody | null {
  const found = body as Partial<ErrorBody> | null;
  const told =
    typeof found === 'object' &&
    typeof found?.error_code === 'number' &&
    typeof found.description === 'string';
  return told ? (found as ErrorBody) : null;
}
