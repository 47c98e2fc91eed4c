import { Injectable } from '@nestjs/common';
import type { AgentRequest, ChatEvent, ChatId, MessageId } from '@omni-hub/contracts';
import { AccessRules } from '../access/access-rules';
import { AgentError } from '../flow/agent';
import { toAgentRequest, type AskedEvent } from '../flow/agent-request';
import { Arrivals } from '../flow/arrivals';
import { ChatHistory } from '../flow/chat-history';
import { newId } from '../flow/ids';
import { LanePump } from '../flow/lane-pump';
import { Log } from '../flow/log';
import { MediaLinks } from '../flow/media-links';
import { Metrics } from '../flow/metrics';
import { paceAnswer } from '../flow/pace-answer';
import { OutgoingFiles } from '../flow/outgoing-files';
import { Pacer } from '../flow/pacer';
import { Wakeups } from '../flow/wakeups';
import { HubConfig } from '../config/hub.config';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { ClaimedTurn } from '../storage/store';
import { AskedMedia } from './asked-media';
import { Gatekeeper } from './gatekeeper';
import { Overlaps, type Asking } from './overlaps';
import { answeredBy, markRead, Presence } from './presence';
import { Presses } from './presses';
import { cutReason, RunningTurns, type CutReason } from './running-turns';
import { cutToSession } from './session-cut';
import { isSpeechWanted, Speech } from './speech';
import { planAnswer, quoted, toCompletion } from './turn';
import {
  endAnswered,
  endCutShort,
  endFailed,
  endUnasked,
  isShadowed,
  noteRefusal,
  type TurnEnd,
} from './turn-end';
import { withdrawUnanswered } from './withdrawals';

/**
 * Turns messages into answers: one turn at a time in a chat, many chats at once. What a turn says is committed together
 * with the turn's end, so that it is said once or not at all.
 */
@Injectable()
export class RouterService {
  private readonly pump: LanePump<ClaimedTurn>;
  private readonly media: AskedMedia;
  private readonly history: ChatHistory;
  private readonly running: RunningTurns;
  private readonly gatekeeper: Gatekeeper;
  private readonly presses: Presses;
  private readonly overlaps: Overlaps;
  private readonly speech: Speech;
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    accessRules: AccessRules,
    private readonly wakeups: Wakeups,
    private readonly metrics: Metrics,
    private readonly mediaLinks: MediaLinks,
    private readonly pacer: Pacer,
    private readonly files: OutgoingFiles,
    arrivals: Arrivals,
    private readonly log: Log,
    config: HubConfig,
  ) {
    this.speech = new Speech(config, metrics, files);
    this.media = new AskedMedia(store, wakeups, arrivals);
    this.history = new ChatHistory(store, accessRules);
    this.running = new RunningTurns(instances);
    this.gatekeeper = new Gatekeeper(store, accessRules);
    this.presses = new Presses(store, log);
    this.overlaps = new Overlaps(store, this.gatekeeper, log);
    this.pump = new LanePump({
      name: 'turns',
      limit: config.maxTurns,
      perInstance: Math.max(1, Math.ceil(config.maxTurns / 4)),
      claim: (query) => store.hot.claimTurns(query),
      work: (turn, signal) => this.work(turn, signal),
      extend: (leases, until) => store.hot.extendTurns(leases, until),
      nextReadyAt: (now) => store.hot.nextReadyAt('turns', now),
      excluded: () => instances.pausedIds(),
      log,
    });
    metrics.gauge('omni_turns_in_flight', 'Turns that this process works on.', () => this.pump.inFlight);
  }

  start(): void {
    this.unsubscribe.push(
      this.wakeups.on('turns', () => this.pump.wake()),
      this.wakeups.on('turns', () => void this.overlaps.look()),
      this.wakeups.on('instances', () => this.running.cutShort()),
    );
    this.pump.start();
  }

  async stop(graceMs: number): Promise<void> {
    for (const unsubscribe of this.unsubscribe.splice(0)) unsubscribe();
    await this.pump.stop(graceMs);
    await this.speech.close();
  }

  private async work(turn: ClaimedTurn, stop: AbortSignal): Promise<void> {
    try {
      await this.running.run(turn, stop, (signal, cut) => this.runTurn(turn, signal, cut));
    } catch (error) {
      // The lease runs out and the turn is claimed again, here or elsewhere.
      this.log.error(
        { turn: turn.turnId, error: (error as Error).message },
        'a turn could not be written down',
      );
    }
  }

  private async runTurn(
    claimed: ClaimedTurn,
    signal: AbortSignal,
    cut: (why: CutReason) => void,
  ): Promise<void> {
    const instance = await this.instances.find(claimed.instanceId);
    if (!instance) return;
    const startedAt = Date.now();
    this.metrics.waited('router', startedAt - claimed.messages[0].receivedAt);

    const events = claimed.messages.map(({ event }) => JSON.parse(event) as ChatEvent);
    await this.followMoves(claimed, events);
    const all = await this.gatekeeper.judge(claimed, events, instance, startedAt);
    const { turn, judged, isCut } = cutToSession(claimed, all, instance);
    this.gatekeeper.count(instance, judged);
    const { decisions, asked } = judged;
    await this.presses.read(instance, asked, signal);

    const presence = asked.length > 0 ? this.present(turn, instance, asked, signal) : null;
    const asking: Asking = { turn: claimed, instance, asked, isCut };
    const end = presence
      ? await this.overlaps.during(asking, cut, () => this.ask(turn, instance, asked, presence, signal))
      : endUnasked(decisions);
    if (end === 'stopped') return this.store.hot.releaseTurns([turn], Date.now());

    const now = Date.now();
    const previewId = presence ? presence.previewId : (turn.previewId as MessageId | null);
    const unkept = await this.keepFiles(instance, end);
    const { plans: planned, refused } = planAnswer(end, turn, instance, asked, previewId, now);
    const refusal = unkept ?? refused;
    if (refusal) noteRefusal(end, refusal, planned.length);
    const plans = presence && end.status === 'answered' ? paceAnswer(planned, presence.paceOf(now)) : planned;
    if (end.status === 'retrying') presence?.linger();
    await this.presses.expect(instance, plans);
    await this.files.pin(plans);
    const agentKind = asked.length > 0 ? instance.agent.kind : null;
    const completion = toCompletion(turn, end, agentKind, decisions, plans, startedAt, now);
    const shadow = instance.shadow && isShadowed(end) ? newId() : null;
    if (!(await this.store.hot.completeTurn({ ...completion, shadow }))) return this.wakeups.wake('turns');
    withdrawUnanswered(instance, events.slice(0, turn.messages.length), end, plans, this.log);

    this.metrics.turn(instance.channel.id, end.status, end.reason);
    if (shadow) this.wakeups.wake('replays');
    if (plans.length > 0) this.wakeups.wake('deliveries');
    this.wakeups.wake('turns');
  }

  /** Shows the person that their words arrived and are being answered. Never waits, never fails. */
  private present(
    turn: ClaimedTurn,
    instance: LiveInstance,
    asked: AskedEvent[],
    signal: AbortSignal,
  ): Presence {
    const chat = turn.address as ChatId;
    markRead(instance, chat, asked, signal, this.log);
    const shown = {
      ...{ instance, chat, lane: turn.chatId, turnId: turn.turnId },
      ...{ answering: answeredBy(asked), replyTo: quoted(turn, asked) },
      ...{ previewId: turn.previewId as MessageId | null, isRetry: turn.attempts > 0 },
    };
    return new Presence(shown, this.pacer, (previewId) => this.store.hot.recordPreview(turn, previewId));
  }

  private async ask(
    turn: ClaimedTurn,
    instance: LiveInstance,
    asked: AskedEvent[],
    presence: Presence,
    signal: AbortSignal,
  ): Promise<TurnEnd | 'stopped'> {
    try {
      const files = await this.media.settled(instance, asked, signal);
      const history = await this.history.before(turn, instance, asked);
      const told = toAgentRequest(turn, asked, instance, files, (rowId, index) =>
        this.mediaLinks.make(instance, rowId, index),
      );
      const request = { ...told, history };
      const isSpoken = isSpeechWanted(instance, asked);
      const isSeen = !isSpoken || !this.speech.canSpeak(instance);
      const onText = (text: string) => isSeen && presence.wrote(text);
      const end = await this.answer(turn, instance, request, onText, signal);
      return isSpoken && end !== 'stopped' ? await this.speech.speak(end, instance, signal) : end;
    } finally {
      await presence.end();
    }
  }

  private async answer(
    turn: ClaimedTurn,
    instance: LiveInstance,
    request: AgentRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<TurnEnd | 'stopped'> {
    const at = Date.now();
    try {
      const answer = await instance.agent.ask(request, signal, onText);
      this.metrics.agent(instance.agent.kind, answer.kind, Date.now() - at);
      return endAnswered(answer, at, Date.now() - at);
    } catch (error) {
      if (signal.aborted) return endCutShort(cutReason(signal), at, Date.now() - at) ?? 'stopped';
      const failure = error instanceof AgentError ? error : new AgentError('AGENT_UNREADABLE', String(error));
      this.metrics.agent(instance.agent.kind, failure.code, Date.now() - at);
      return endFailed(failure, at, Date.now() - at, turn, instance);
    }
  }

  /** A chat that the platform re-keyed keeps its history and gets its answers at the new address. */
  private async followMoves(turn: ClaimedTurn, events: ChatEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'chat' && event.movedTo) {
        await this.store.chats.rekey(turn.instanceId, turn.address, event.movedTo);
        turn.address = turn.filedAs = event.movedTo;
      }
    }
  }

  /** The files that the answer brings along are the hub's from here on. Answers why one is not, if so. */
  private async keepFiles(instance: LiveInstance, end: TurnEnd) {
    const kept = await this.files.keep(instance, end.content);
    end.content = kept.flatMap((one) => ('content' in one ? [one.content] : []));
    return kept.flatMap((one) => ('refused' in one ? [one.refused] : []))[0] ?? null;
  }
}
