import type { ChatId, MessageId } from '@omni-hub/contracts';
import type { Log } from '../flow/log';
import type { LiveInstance } from '../instances/live-instance';
import type { AskedEvent } from './agent-request';

/** A quick agent is not worth a call: typing is shown only when the answer takes longer. */
const typingAfterMs = 500;
/** Platforms show typing for about five seconds. */
const typingEveryMs = 4_500;
/** Edits count against a chat's limits: at most one preview in this time. */
const previewEveryMs = 1_500;

/**
 * What the person sees while an agent works: typing, and where the channel can, the answer as it is written. All of it
 * may fail without harm; the answer itself goes through the outbox.
 */
export class Presence {
  /** The message that the final answer has to replace; null when there is none. */
  previewId: MessageId | null;
  private typing: NodeJS.Timeout | null;
  private previewTimer: NodeJS.Timeout | null = null;
  private previewing: Promise<void> | null = null;
  private latest: string | null = null;
  private shown: string | null = null;
  /** Made by the first call that it may have to end: most turns are answered before there is one. */
  private abort: AbortController | null = null;

  constructor(
    private readonly instance: LiveInstance,
    private readonly chat: ChatId,
    private readonly turnId: string,
    /** The message that the agent answers; null after a press of an unknown one. */
    private readonly answering: MessageId | null,
    previewId: MessageId | null,
    private readonly onPreview: (id: MessageId) => Promise<void>,
  ) {
    this.previewId = previewId;
    this.typing = instance.handler.typing ? setTimeout(() => this.showTyping(), typingAfterMs) : null;
  }

  /** The agent wrote more: `text` is the whole answer so far. */
  wrote(text: string): void {
    if (!this.instance.handler.preview || text.trim() === '') return;
    const first = this.latest === null;
    this.latest = text;
    if (first) this.schedulePreview(0);
  }

  /** Ends everything; resolves once no preview can appear any more. */
  async end(): Promise<void> {
    if (this.typing) clearTimeout(this.typing);
    if (this.previewTimer) clearTimeout(this.previewTimer);
    this.typing = this.previewTimer = null;
    this.latest = null;
    await this.previewing;
    this.abort?.abort();
  }

  private get signal(): AbortSignal {
    this.abort ??= new AbortController();
    return this.abort.signal;
  }

  private showTyping(): void {
    this.instance.handler.typing?.(this.chat, this.answering, this.signal).catch(() => undefined);
    this.typing = setTimeout(() => this.showTyping(), typingEveryMs);
  }

  private schedulePreview(delayMs: number): void {
    this.previewTimer = setTimeout(() => {
      this.previewing = this.showPreview().finally(() => (this.previewing = null));
    }, delayMs);
  }

  private async showPreview(): Promise<void> {
    const text = this.latest;
    if (text === null) return;
    if (text === this.shown) return this.schedulePreview(previewEveryMs);
    this.shown = text;
    try {
      const id = await this.instance.handler.preview!(
        { turnId: this.turnId, chat: this.chat, text, previewId: this.previewId },
        this.signal,
      );
      if (id && id !== this.previewId) {
        this.previewId = id;
        await this.onPreview(id);
      }
    } catch {
      return;
    }
    if (this.latest !== null) this.schedulePreview(previewEveryMs);
  }
}

/** The message that a turn answers: the last one asked about, or the one whose button was pressed last. */
export function answeredBy(asked: AskedEvent[]): MessageId | null {
  const event = asked.at(-1)?.event;
  return event?.type === 'message' ? event.message.id : (event?.messageId ?? null);
}

/** Marks the last message that an agent is asked about as read, presses aside. Neither waits nor fails. */
export function markRead(
  { name, handler }: LiveInstance,
  chat: ChatId,
  asked: AskedEvent[],
  signal: AbortSignal,
  log: Log,
): void {
  const last = asked.map(({ event }) => event).findLast((event) => event.type === 'message');
  if (!last) return;
  handler.markRead?.(chat, last.message.id, signal).catch((error: Error) => {
    log.debug({ instance: name, error: error.message }, 'a message could not be marked as read');
  });
}
