import type { ChatId } from '@omni-hub/contracts';

/** Half of a group's 20 messages a minute (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): the answer itself needs some. */
const intervalMs = 6_000;
const maxChats = 1_000;

/** Keeps the edits of previews so rare that the answer at their end is not refused as one message too many. */
export class PreviewPace {
  private readonly shownAt = new Map<ChatId, number>();

  /** True at most once in six seconds for a chat; then it counts as shown. */
  take(chat: ChatId, now: number): boolean {
    if (now - (this.shownAt.get(chat) ?? -Infinity) < intervalMs) return false;
    this.shownAt.delete(chat);
    this.shownAt.set(chat, now);
    const [oldest] = this.shownAt.keys();
    if (this.shownAt.size > maxChats && oldest !== undefined) this.shownAt.delete(oldest);
    return true;
  }
}
