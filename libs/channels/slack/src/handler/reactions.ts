import { asList, asObject, asObjects, asText, RejectedError } from '@omni-hub/channel-sdk';
import type { Call } from '../models/api.models';
import { toName } from './emoji';

/** https://docs.slack.dev/reference/methods/reactions.add. Throws RejectedError for an emoji whose name is not known. */
export function toReaction(channel: string, ts: string, emoji: string): Call {
  const name = toName(emoji);
  if (name === null)
    throw new RejectedError(
      `The name that Slack has for ${emoji} is not known: give it in place of the emoji, for example :thumbsup:`,
    );
  return { method: 'reactions.add', params: { channel, timestamp: ts, name } };
}

/** https://docs.slack.dev/reference/methods/reactions.remove */
export function toRemoval(channel: string, ts: string, name: string): Call {
  return { method: 'reactions.remove', params: { channel, timestamp: ts, name } };
}

/** https://docs.slack.dev/reference/methods/reactions.get */
export function toReading(channel: string, ts: string): Call {
  return { method: 'reactions.get', params: { channel, timestamp: ts, full: true }, reads: true };
}

/** The names of the account's reactions in an answer to `toReading`, without one that stays. */
export function ownReactions(answer: unknown, account: string, staying: string | null): string[] {
  const message = asObject<{ reactions: unknown }>(asObject<{ message: unknown }>(answer)?.message);
  return asObjects<{ name: string; users: unknown }>(message?.reactions)
    .filter(({ users }) => asList(users).includes(account))
    .map(({ name }) => asText(name))
    .filter((name) => name !== null && name !== staying) as string[];
}
