import { asCount, type Account } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';
import type { Update } from '@grammyjs/types';

export {
  asCount,
  asInteger,
  asList,
  asNumber,
  asObject,
  asObjects,
  asText,
  type Unchecked,
} from '@omni-hub/channel-sdk';

/** Every kind of update of Bot API 10.3 (https://core.telegram.org/bots/api#update). */
export type UpdateKind = Exclude<keyof Update, 'update_id'>;

/** What every reader needs besides the object it reads. */
export interface Context {
  eventId: string;
  /** The update's kind; for a service message with the name of what it tells: `message.new_chat_title`. */
  rawKind: string;
  /** Null before the first probe: then nothing is known to be the account's own. */
  account: Account | null;
}

/** An event, or the sentence that says why there is none. */
export type Reading = InboundEvent | string;

/** The last instant that a JavaScript date can hold, in seconds. */
const LAST_SECOND = 8.64e12;

/** Telegram's seconds as milliseconds; 0 where it does not say when. */
export function asTime(seconds: unknown): number {
  const count = asCount(seconds) ?? 0;
  return count <= LAST_SECOND ? count * 1000 : 0;
}
