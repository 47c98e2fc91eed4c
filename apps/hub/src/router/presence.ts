import { RateLimitedError } from '@omni-hub/channel-sdk';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import type { AskedEvent } from '../flow/agent-request';
import type { Log } from '../flow/log';
import type { AnswerPace } from '../flow/pace-answer';
import type { Pacer } from '../flow/pacer';
import type { LiveInstance } from '../instances/live-instance';

/** A quick agent is not worth a call: typing is shown only when the answer takes longer. */
const typingAfterMs = 500;
/** Platforms show typing for about five seconds. */
const typingEveryMs = 4_500;
/** People read no faster, whatever the limits of the chat allow. */
const previewEveryMs = 1_500;
/** The answer waits for a preview that is on its way, so that it is never overtaken by it; but no longer than this. */
const previewTimeoutMs = 10_000;

export interface PresenceOf {
  instance: LiveInstance;
  /** Where it is shown. */
  chat: ChatId;
  /** The chat's lane, by which the pacer knows it. */
  lane: string;
  turnId: string;
  /** The message that the agent answers; null after a press of an unknown one. */
  answering: MessageId | null;
  /** The message that the answer will reply to. */
  replyTo: MessageId | null;
  /** A preview that an earlier attempt left. */
  previewId: MessageId | null;
  /** True where the agent has been asked before, and people see typing already. */
  isRetry: boolean;
}

/**
 * What the person sees while an agent works: typing, and where the channel can, the answer as it is written. All of it
 * may fail without harm; the answer itself goes through the outbox, and what is shown before takes no room from it.
 */
export class Presence {
  /** The message that the final answer has to replace; null when there is none. */
  previewId: MessageId | null;
  /** True once the person has seen a beginning of the answer. */
  private hasPreviewed: boolean;
  private readonly since = Date.now();
  private typing: NodeJS.Timeout | null;
  private previewTimer: NodeJS.Timeout | null = null;
  private previewing: Promise<void> | null = null;
  private latest: string | null = null;
  private shown: string | null = null;
  /** Made by the first call that it may have to end: most turns are answered before there is one. */
  private abortTyping: AbortController | null = null;

  constructor(
    private readonly of: PresenceOf,
    private readonly pacer: Pick<Pacer, 'spare' | 'hold'>,
    private readonly onPreview: (id: MessageId) => Promise<void>,
  ) {
    this.previewId = of.previewId;
    this.hasPreviewed = of.previewId !== null;
    const afterMs = of.isRetry ? 0 : typingAfterMs;
    this.typing = of.instance.handler.typing ? setTimeout(() => this.keepTyping(), afterMs) : null;
  }

  /** The agent wrote more: `text` is the whole answer so far. */
  wrote(text: string): void {
    if (!this.of.instance.handler.preview || text.trim() === '') return;
    const first = this.latest === null;
    this.latest = text;
    if (first) this.schedulePreview(0);
  }

  /** Ends everything, typing at once; resolves when no preview can appear any more. */
  async end(): Promise<void> {
    if (this.typing) clearTimeout(this.typing);
    if (this.previewTimer) clearTimeout(this.previewTimer);
    this.typing = this.previewTimer = null;
    this.latest = null;
    this.abortTyping?.abort();
    await this.previewing;
  }

  /** The agent is asked again within seconds: typing is seen until then. Neither waits nor fails. */
  linger(): void {
    this.showTyping(AbortSignal.timeout(typingEveryMs));
  }

  /** How an answer that is there at `now` goes on from what the person has seen. */
  paceOf(now: number): AnswerPace {
    const { instance, answering } = this.of;
    const { hasPreviewed } = this;
    return { pacing: instance.settings.pacing, workedMs: now - this.since, hasPreviewed, answering };
  }

  private keepTyping(): void {
    this.abortTyping ??= new AbortController();
    this.showTyping(this.abortTyping.signal);
    this.typing = setTimeout(() => this.keepTyping(), typingEveryMs);
  }

  private showTyping(signal: AbortSignal): void {
    const { instance, chat, answering } = this.of;
    instance.handler.typing?.(chat, answering, signal).catch(() => undefined);
  }

  /** Never, where `delayMs` is Infinity. */
  private schedulePreview(delayMs: number): void {
    if (this.latest === null || delayMs === Infinity) return;
    this.previewTimer = setTimeout(() => {
      this.previewing = this.showPreview()
        .then((nextMs) => this.schedulePreview(nextMs))
        .finally(() => (this.previewing = null));
    }, delayMs);
  }

  /** Answers after how long to look again. */
  private async showPreview(): Promise<number> {
    const { instance, chat, lane, turnId, replyTo } = this.of;
    const text = this.latest;
    if (text === null || text === this.shown) return previewEveryMs;
    const now = Date.now();
    const at = this.pacer.spare(lane, instance.id, instance.handler.pace?.(chat) ?? [], now);
    if (at > now) return Math.max(at - now, shortestMs);
    try {
      const preview = { turnId, chat, text, previewId: this.previewId, replyTo };
      const id = await instance.handler.preview!(preview, AbortSignal.timeout(previewTimeoutMs));
      this.shown = text;
      this.hasPreviewed = true;
      if (id && id !== this.previewId) {
        this.previewId = id;
        await this.onPreview(id);
      }
      return previewEveryMs;
    } catch (error) {
      if (!(error instanceof RateLimitedError)) return Infinity;
      this.pacer.hold(error.scope, lane, instance.id, Date.now() + error.retryAfterMs);
      return error.retryAfterMs;
    }
  }
}

/** Many chats that wait for one limit of their instance do not ask again all the time. */
const shortestMs = 250;

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
