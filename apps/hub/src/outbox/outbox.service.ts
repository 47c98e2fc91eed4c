import { Injectable } from '@nestjs/common';
import {
  AmbiguousError,
  perform,
  SendError,
  WindowClosedError,
  type OutboundMessage,
  type Part,
  type Receipt,
} from '@omni-hub/channel-sdk';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { Activity } from '../flow/activity';
import { Deadline } from '../flow/deadline';
import { LanePump } from '../flow/lane-pump';
import { Log } from '../flow/log';
import { Metrics } from '../flow/metrics';
import { FileError, OutgoingFiles } from '../flow/outgoing-files';
import { Pacer } from '../flow/pacer';
import { Wakeups } from '../flow/wakeups';
import { InstanceStates } from '../instances/instance-states';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import { unacknowledged } from '../storage/repositories/delivery-status.repository';
import type { ClaimedDelivery } from '../storage/store';
import {
  afterFailure,
  afterFileFailure,
  afterReceipt,
  beforeAttempt,
  interrupted,
  toDeliveryCompletion,
  withLostAttempts,
  type Conclusion,
} from './attempt';
import { typedBy } from './typed-by';
import { closedWindow } from './window';
import { writeInstead } from './written-instead';

/** The longest that one call at a platform may take, beside the time that its files take on their way. */
const attemptTimeoutMs = 60_000;
/** 2 Mbit a second. */
const slowestBytesPerMs = 250;

/**
 * Takes committed parts to their platforms: one at a time in a chat, in order, each after the platform's answer to the
 * one before. An attempt is recorded before it is made (by the claim) and after.
 */
@Injectable()
export class OutboxService {
  private readonly pump: LanePump<ClaimedDelivery>;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly wakeups: Wakeups,
    private readonly metrics: Metrics,
    private readonly activity: Activity,
    private readonly states: InstanceStates,
    private readonly pacer: Pacer,
    private readonly files: OutgoingFiles,
    private readonly log: Log,
  ) {
    this.pump = new LanePump({
      name: 'deliveries',
      limit: 512,
      perInstance: 256,
      claim: (query) => store.hot.claimDeliveries(query),
      work: (delivery, signal) => this.work(delivery, signal),
      extend: (leases, until) => store.hot.extendDeliveries(leases, until),
      nextReadyAt: (now) => store.hot.nextReadyAt('deliveries', now),
      excluded: () => [...instances.mutedIds(), ...this.pacer.held(Date.now())],
      log,
    });
    metrics.gauge(
      'omni_deliveries_in_flight',
      'Deliveries that this process works on.',
      () => this.pump.inFlight,
    );
  }

  start(): void {
    this.unsubscribe = this.wakeups.on('deliveries', () => this.pump.wake());
    this.pump.start();
  }

  async stop(graceMs: number): Promise<void> {
    this.unsubscribe?.();
    await this.pump.stop(graceMs);
  }

  /** Tells the operator of what platforms took and never acknowledged. Safe on any number of processes. */
  async giveUpWaiting(now: number): Promise<void> {
    for (const { id, handler, channel } of this.instances.all()) {
      const { acknowledgesWithinMs } = handler.capabilities;
      if (acknowledgesWithinMs === null) continue;
      const late = await this.store.deliveryStatus.giveUpWaiting(id, now - acknowledgesWithinMs, now);
      for (let index = 0; index < late; index++)
        this.metrics.delivery(channel.id, 'unacknowledged', unacknowledged);
      if (late > 0)
        this.activity.failed(id, unacknowledged, `${late} sends were accepted and never acknowledged`);
    }
  }

  private async work(claimed: ClaimedDelivery, signal: AbortSignal): Promise<void> {
    try {
      const instance = await this.instances.find(claimed.instanceId);
      if (instance) await this.deliver(claimed, instance, signal);
    } catch (error) {
      // The lease runs out; the recorded attempt makes the delivery uncertain, which the next claim handles.
      this.log.error(
        { delivery: claimed.id, error: (error as Error).message },
        'a delivery could not be written down',
      );
    }
  }

  private async deliver(
    claimed: ClaimedDelivery,
    instance: LiveInstance,
    signal: AbortSignal,
  ): Promise<void> {
    const now = Date.now();
    const delivery = withLostAttempts(claimed, now);
    const due = Math.max(delivery.createdAt, typedBy(delivery));
    if (delivery.attempts === 1 && due <= now) this.metrics.waited('outbox', now - due);
    const conclusion =
      beforeAttempt(delivery, instance, this.states.of(instance.id).restriction?.reason ?? null, now) ??
      this.pace(delivery, instance, now) ??
      (await this.attempt(delivery, instance, signal));
    await this.conclude(delivery, instance, conclusion);
  }

  private pace(delivery: ClaimedDelivery, instance: LiveInstance, now: number): Conclusion | null {
    const at = this.typed(delivery, instance, now) ?? this.reserved(delivery, instance, now);
    if (at <= now) return null;
    return { outcome: 'postponed', at, receipt: null, entry: null, reason: null, effect: null };
  }

  /** When the part has been typed as a person would, and typing is shown until then; null where it may leave. */
  private typed(delivery: ClaimedDelivery, { handler }: LiveInstance, now: number): number | null {
    const at = typedBy(delivery);
    if (at <= now) return null;
    const [chat, answering] = [delivery.address as ChatId, delivery.typingFor as MessageId | null];
    handler.typing?.(chat, answering, AbortSignal.timeout(at - now)).catch(() => undefined);
    return at;
  }

  private reserved(delivery: ClaimedDelivery, instance: LiveInstance, now: number): number {
    const rules = instance.handler.pace?.(delivery.address as ChatId) ?? [];
    return this.pacer.reserve(delivery.chatId, instance.id, rules, now);
  }

  private async attempt(
    delivery: ClaimedDelivery,
    instance: LiveInstance,
    signal: AbortSignal,
  ): Promise<Conclusion> {
    const startedAt = Date.now();
    try {
      const message = toMessage(delivery, instance, startedAt);
      const files = await this.files.ofPart(instance, delivery.messageId, message.part, signal);
      const receipt = await send(instance, { ...message, files }, signal);
      return afterReceipt(receipt, instance, startedAt, Date.now());
    } catch (error) {
      if (error instanceof FileError) return afterFileFailure(error, delivery, startedAt, Date.now());
      if (signal.aborted && !(error instanceof SendError)) return interrupted(Date.now());
      const failure =
        error instanceof SendError
          ? error
          : new AmbiguousError(`the channel failed unexpectedly: ${(error as Error).message}`);
      return afterFailure(failure, delivery, instance, startedAt, Date.now());
    }
  }

  private async conclude(
    delivery: ClaimedDelivery,
    instance: LiveInstance,
    conclusion: Conclusion,
  ): Promise<void> {
    await this.apply(delivery, instance, conclusion);
    if (await writeInstead(this.store, instance, delivery, conclusion, Date.now()))
      conclusion.reason!.detail += '; what it says was sent as text instead';
    await this.store.hot.completeDelivery(toDeliveryCompletion(delivery, conclusion, Date.now()));

    const code = conclusion.entry?.code ?? conclusion.reason?.code ?? null;
    this.metrics.delivery(instance.channel.id, conclusion.outcome, code);
    await this.followUp(delivery, instance, conclusion);
    if (conclusion.outcome === 'sent' || conclusion.outcome === 'accepted') this.activity.sent(instance.id);
    else if (code)
      this.activity.failed(instance.id, code, conclusion.entry?.detail ?? conclusion.reason?.detail ?? '');
    this.wakeups.wake('deliveries');
  }

  /** What the platform has told before this end was written down belongs to it. */
  private async followUp(
    delivery: ClaimedDelivery,
    instance: LiveInstance,
    { outcome, receipt, entry, reason }: Conclusion,
  ): Promise<void> {
    const { acknowledgesWithinMs, tellsDeliveryId } = instance.handler.capabilities;
    if (acknowledgesWithinMs === null) return;
    const platformId = receipt?.platformIds[0];
    if (platformId) await this.store.deliveryStatus.applyEarly(instance.id, platformId);
    const noAnswer = reason?.code === 'AMBIGUOUS' && (outcome === 'dead' || outcome === 'held');
    if (tellsDeliveryId && (outcome === 'accepted' || noAnswer))
      await this.store.deliveryStatus.settle(delivery.id);
    if (tellsDeliveryId && outcome === 'retry' && entry?.outcome === 'unknown')
      await this.store.deliveryStatus.resumeIfTold(delivery.id);
  }

  private async apply(
    delivery: ClaimedDelivery,
    instance: LiveInstance,
    { effect }: Conclusion,
  ): Promise<void> {
    if (!effect) return;
    if ('pause' in effect) await this.instances.pause(instance.id, effect.pause);
    else if ('restrict' in effect)
      await this.states.restrict(instance.id, effect.restrict.code, effect.restrict.reason);
    else if ('holdUntil' in effect)
      this.pacer.hold(effect.of, delivery.chatId, instance.id, effect.holdUntil);
    else await this.store.chats.rekey(instance.id, delivery.address, effect.movedTo);
  }
}

/** One call at the platform, which large files give the time that they need on a slow line. */
async function send(
  { handler }: LiveInstance,
  message: OutboundMessage,
  signal: AbortSignal,
): Promise<Receipt> {
  const bytes = message.files.reduce((sum, { size }) => sum + size, 0);
  const deadline = new Deadline(signal, attemptTimeoutMs + bytes / slowestBytesPerMs);
  try {
    return await perform(handler, message, deadline.signal);
  } finally {
    deadline.end();
  }
}

/** Throws WindowClosedError where the platform would not take it now. */
function toMessage(
  delivery: ClaimedDelivery,
  { handler }: LiveInstance,
  now: number,
): Omit<OutboundMessage, 'files'> {
  const part = JSON.parse(delivery.part) as Part;
  const instead = closedWindow(handler, part, delivery.heardAt, now);
  if (typeof instead === 'string') throw new WindowClosedError(instead);
  return {
    deliveryId: delivery.id,
    attempt: delivery.attempts,
    chat: delivery.address as ChatId,
    part: instead ?? part,
    replyTo: delivery.replyTo as MessageId | null,
    answers: delivery.answers,
    replaces: delivery.replaces as MessageId | null,
  };
}
