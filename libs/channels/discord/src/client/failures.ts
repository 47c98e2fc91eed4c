import {
  AmbiguousError,
  ConfigError,
  RateLimitedError,
  RecipientGoneError,
  RejectedError,
  statusToSendError,
  UnauthorizedError,
  type RateScope,
  type SendError,
} from '@omni-hub/channel-sdk';

/** An answer that is not a success. */
export interface Refusal {
  /** For people: `POST /channels/:id/messages`. Holds no id and no token. */
  call: string;
  status: number;
  /** Discord's own code; null where something between answered. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
  code: number | null;
  message: string;
}

/** Nobody is there, or the bot may not go there. */
const goneBecause: Record<number, string> = {
  10003: 'the channel was deleted, or the bot is not in its server: use another channel or invite the bot',
  10004: 'the bot is not in the server: invite it',
  10013: 'there is no such user: check the id',
  50001: 'the bot may not see the channel: invite it or give it the permission View Channel there',
  50007:
    'the person takes no direct messages from this bot: they have to allow them or share a server with it',
  50278: 'the person shares no server with the bot: invite one of them',
};

/** What can be done about a refusal that is not about the recipient. */
const advice: Record<number, string> = {
  10008: 'the message was deleted',
  10014: 'there is no such emoji: use a Unicode emoji, or name:id of one of a server that the bot is in',
  30010: 'a message carries 20 different reactions',
  40003: 'direct messages were opened too fast: wait before writing to more people',
  40005: 'the file is too large: 10 MiB, more where the server is boosted',
  40060: 'the interaction was answered before',
  40067: 'the forum asks for a tag with every new post: send into a post of it',
  50005: 'only messages that the bot sent can be edited',
  50006: 'the message is empty',
  50008: 'nobody can write in a channel of this kind: use a thread of it',
  50013:
    'give the bot the permission in the channel: Send Messages, and Attach Files, Embed Links, Add Reactions or Send Messages in Threads where it needs them',
  50021: 'a message of Discord itself can be neither edited nor reacted to',
  50035: 'Discord names the field that it does not take',
  50083: 'the thread is archived: write into it or open it again',
  160005: 'the thread is locked: a moderator has to unlock it',
};

/** Limits that Discord tells as a refusal: too many changes of one kind for now. */
const tooFast: Record<number, RateScope> = {
  20016: 'chat',
  20028: 'chat',
  20029: 'instance',
  40062: 'instance',
};

/** Turns what Discord answered into one of the closed list. The caller takes the secrets out of `message` before. */
export function toFailure({ call, status, code, message }: Refusal): SendError {
  const platformCode = String(code ?? status);
  const details = { platformCode };
  const said = message === '' ? String(status) : message;
  if (status === 401) {
    return new UnauthorizedError(
      `Discord refuses the token (${said}): reset it in the developer portal, Bot, and give the instance the new one`,
      details,
    );
  }
  if (status >= 500) return statusToSendError(status, `Discord did not finish ${call}`);
  if (code === null || code === 0) return notDiscord(call, status, said);
  const scope = tooFast[code];
  if (scope !== undefined)
    return new RateLimitedError(`Discord allows ${call} again later (${said})`, 10_000, scope, details);
  const gone = goneBecause[code];
  if (gone !== undefined) return new RecipientGoneError(`Discord: ${said}; ${gone}`, details);
  const hint = advice[code];
  return new RejectedError(`Discord refuses ${call}: ${said}${hint ? `; ${hint}` : ''}`, details);
}

/** What came with a success but cannot be read. */
export function unreadable(call: string): AmbiguousError {
  return new AmbiguousError(`Discord's answer to ${call} is not readable: it may or may not have acted`);
}

/** True for a refusal with one of Discord's codes. */
export function isSaid(error: unknown, ...codes: number[]): boolean {
  const { platformCode } = Object(error) as { platformCode?: unknown };
  return codes.some((code) => platformCode === String(code));
}

/** A status without a code of Discord's comes from something between: a proxy, or a wrong address. */
function notDiscord(call: string, status: number, said: string): SendError {
  const details = { platformCode: String(status) };
  if (status === 413)
    return new RejectedError(
      `Discord refuses ${call}: the files are too large; 10 MiB each, 25 MiB in all`,
      details,
    );
  if (status === 404 || (status >= 300 && status < 400))
    return new ConfigError(
      `What answers at apiUrl (status ${status}) is no API of Discord: check apiUrl`,
      details,
    );
  return statusToSendError(status, `to ${call}: ${said}`);
}
