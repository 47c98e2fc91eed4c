import type { Answer } from '../http';

/** The `errors` of an "Invalid Form Body": keys of the body down to a list `_errors`. */
export interface ErrorTree {
  [key: string]: ErrorTree | { code: string; message: string }[];
}

/** A refusal in the words of the API. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export class DiscordError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly errors?: ErrorTree,
  ) {
    super(message);
  }
}

const wordings: Record<number, [status: number, message: string]> = {
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10007: [404, 'Unknown Member'],
  10008: [404, 'Unknown Message'],
  10013: [404, 'Unknown User'],
  10014: [400, 'Unknown Emoji'],
  10015: [404, 'Unknown Webhook'],
  10060: [404, 'Unknown sticker'],
  10062: [404, 'Unknown interaction'],
  20016: [429, 'This action cannot be performed due to slowmode rate limit'],
  20028: [429, 'The channel you are writing has hit the write rate limit'],
  20029: [429, 'The write action you are performing on the server has hit the write rate limit'],
  30010: [400, 'Maximum number of reactions reached (20)'],
  40001: [401, 'Unauthorized'],
  40003: [429, 'You are opening direct messages too fast'],
  40005: [413, 'Request entity too large'],
  40060: [400, 'Interaction has already been acknowledged.'],
  40067: [400, 'A tag is required to create a forum post in this channel'],
  40333: [403, 'internal network error'],
  50001: [403, 'Missing Access'],
  50003: [403, 'Cannot execute action on a DM channel'],
  50005: [403, 'Cannot edit a message authored by another user'],
  50006: [400, 'Cannot send an empty message'],
  50007: [403, 'Cannot send messages to this user'],
  50008: [400, 'Cannot send messages in a non-text channel'],
  50013: [403, 'Missing Permissions'],
  50016: [
    400,
    'Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete',
  ],
  50021: [403, 'Cannot execute action on a system message'],
  50024: [403, 'Cannot execute action on this channel type'],
  50027: [401, 'Invalid Webhook Token'],
  50034: [
    400,
    'You can only bulk delete messages that are under 14 days old. Use the individual delete endpoint instead',
  ],
  50081: [400, 'Invalid sticker sent'],
  50083: [400, 'Tried to perform an operation on an archived thread, such as editing a message'],
  50109: [400, 'The request body contains invalid JSON.'],
  50159: [400, 'Voice messages do not support additional content'],
  50160: [400, 'Voice messages must have a single audio attachment'],
  50161: [400, 'Voice messages must have supporting metadata'],
  50278: [403, 'Cannot send messages to this user due to having no mutual guilds'],
  160002: [403, 'Cannot reply without permission to read message history'],
  160004: [400, 'A thread has already been created for this message'],
  160005: [403, 'Thread is locked'],
};

export function known(code: number): DiscordError {
  const [status, message] = wordings[code];
  return new DiscordError(status, code, message);
}

export const unauthorized = () => new DiscordError(401, 0, '401: Unauthorized');
export const notFound = () => new DiscordError(404, 0, '404: Not Found');

/** What a fault asks for: the platform's words of a code where it has one. */
export function failure(status: number, code?: number): DiscordError {
  const words = code === undefined ? undefined : wordings[code]?.[1];
  return new DiscordError(status, code ?? 0, words ?? `${status}: The simulator was told to fail`);
}

export function refusal({ status, code, message, errors }: DiscordError): Answer {
  return { status, body: { message, code, ...(errors && { errors }) } };
}
