import type { ChatId } from '@omni-hub/contracts';

/** Discord takes about five changes of a channel's messages in five seconds: the answer at the end of a preview needs one of them. */
const intervalMs = 1_500;
const maxChats = 1_000;

/** Keeps the edits of previews so rare that the answer at their end need not wait. */
export class PreviewPace {
  private readonly shownAt = new Map<ChatId, number>();

  /** True at most once in an interval for a chat; then it counts as shown. */
  take(chat: ChatId, now: number): boolean {
    if (now - (this.shownAt.get(chat) ?? -Infinity) < intervalMs) return false;
    this.shownAt.delete(chat);
    this.shownAt.set(chat, now);
    const [oldest] = this.shownAt.keys();
    if (this.shownAt.size > maxChats && oldest !== undefined) this.shownAt.delete(oldest);
    return true;
  }
}
