import { Injectable } from '@nestjs/common';
import type { ActionChosen, AgentRequest, ChatEvent, ChatId, MessageId } from '@omni-hub/contracts';
import { AccessRules } from '../access/access-rules';
import { AgentError } from '../flow/agent';
import { Arrivals } from '../flow/arrivals';
import { LanePump } from '../flow/lane-pump';
import { Log } from '../flow/log';
import { MediaLinks } from '../flow/media-links';
import { Metrics } from '../flow/metrics';
import { isActionToken } from '../flow/plan-outbound';
import { Wakeups } from '../flow/wakeups';
import { HubConfig } from '../config/hub.config';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { ClaimedTurn } from '../storage/store';
import { toAgentRequest, type AskedEvent } from './agent-request';
import { AskedMedia } from './asked-media';
import { ContactRates } from './contact-rates';
import { readAccessFacts, type TurnFacts } from './facts';
import { ChatHistory } from './history';
import { answeredBy, markRead, Presence } from './presence';
import { cutByDisabling, RunningTurns } from './running-turns';
import {
  endAnswered,
  endDisabled,
  endFailed,
  endUnasked,
  judge,
  noteRefusal,
  planAnswer,
  toCompletion,
  type JudgedTurn,
  type TurnEnd,
} from './turn';

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
  private readonly rates = new ContactRates();
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly accessRules: AccessRules,
    private readonly wakeups: Wakeups,
    private readonly metrics: Metrics,
    private readonly mediaLinks: MediaLinks,
    arrivals: Arrivals,
    private readonly log: Log,
    config: HubConfig,
  ) {
    this.media = new AskedMedia(store, wakeups, arrivals);
    this.history = new ChatHistory(store, accessRules);
    this.running = new RunningTurns(instances);
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
      this.wakeups.on('instances', () => this.running.cutShort()),
    );
    this.pump.start();
  }

  async stop(graceMs: number): Promise<void> {
    for (const unsubscribe of this.unsubscribe.splice(0)) unsubscribe();
    await this.pump.stop(graceMs);
  }

  private async work(turn: ClaimedTurn, stop: AbortSignal): Promise<void> {
    try {
      await this.running.run(turn, stop, (signal) => this.runTurn(turn, signal));
    } catch (error) {
      // The lease runs out and the turn is claimed again, here or elsewhere.
      this.log.error(
        { turn: turn.turnId, error: (error as Error).message },
        'a turn could not be written down',
      );
    }
  }

  private async runTurn(turn: ClaimedTurn, signal: AbortSignal): Promise<void> {
    const instance = this.instances.byId(turn.instanceId);
    if (!instance) return;
    const startedAt = Date.now();
    this.metrics.waited('router', startedAt - turn.messages[0].receivedAt);

    const events = turn.messages.map(({ event }) => JSON.parse(event) as ChatEvent);
    await this.followMoves(turn, events);
    const { decisions, asked } = await this.judge(turn, events, instance, startedAt);
    await this.readActions(instance, asked, signal);

    const presence = asked.length > 0 ? this.present(turn, instance, asked, signal) : null;
    const end = presence ? await this.ask(turn, instance, asked, presence, signal) : endUnasked(decisions);
    if (end === 'stopped') return this.store.hot.releaseTurns([turn], Date.now());

    const now = Date.now();
    const { plans, refused } = planAnswer(end, turn, instance, asked, presence?.previewId ?? null, now);
    if (refused) noteRefusal(end, refused, plans.length);
    await this.keepActionTokens(instance, plans);
    const agentKind = asked.length > 0 ? instance.agent.kind : null;
    await this.store.hot.completeTurn(toCompletion(turn, end, agentKind, decisions, plans, startedAt, now));

    this.metrics.turn(instance.channel.id, end.status, end.reason);
    if (plans.length > 0) this.wakeups.wake('deliveries');
    this.wakeups.wake('turns');
  }

  private async judge(
    turn: ClaimedTurn,
    events: ChatEvent[],
    instance: LiveInstance,
    now: number,
  ): Promise<JudgedTurn> {
    const rules = this.accessRules.of(instance);
    const facts: TurnFacts = {
      access: rules && (await readAccessFacts(rules, this.store, instance, turn, events)),
      counted: (contactId) => this.rates.of(instance.id, contactId),
    };
    const judged = judge(turn, events, instance, facts, now);
    const windowMs = (instance.settings.contactRate?.perSeconds ?? 0) * 1_000;
    this.rates.note(instance.id, judged.counted, windowMs);
    return judged;
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
    return new Presence(
      instance,
      chat,
      turn.turnId,
      answeredBy(asked),
      turn.previewId as MessageId | null,
      (previewId) => this.store.hot.recordPreview(turn, previewId),
    );
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
      return await this.answer(turn, instance, request, presence, signal);
    } finally {
      await presence.end();
    }
  }

  private async answer(
    turn: ClaimedTurn,
    instance: LiveInstance,
    request: AgentRequest,
    presence: Presence,
    signal: AbortSignal,
  ): Promise<TurnEnd | 'stopped'> {
    const at = Date.now();
    try {
      const answer = await instance.agent.ask(request, signal, (text) => presence.wrote(text));
      this.metrics.agent(instance.agent.kind, answer.kind, Date.now() - at);
      return endAnswered(answer, at, Date.now() - at);
    } catch (error) {
      if (cutByDisabling(signal)) return endDisabled(at, Date.now() - at);
      if (signal.aborted) return 'stopped';
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

  /** Tells the platform that presses were seen, and puts long action ids back in place of their tokens. */
  private async readActions(instance: LiveInstance, asked: AskedEvent[], signal: AbortSignal): Promise<void> {
    for (const { event } of asked) {
      if (event.type !== 'action') continue;
      this.acknowledge(instance, event, signal);
      if (isActionToken(event.actionId)) {
        event.actionId = (await this.store.actionTokens.get(instance.id, event.actionId)) ?? event.actionId;
      }
    }
  }

  private acknowledge(instance: LiveInstance, event: ActionChosen, signal: AbortSignal): void {
    if (!event.ackRef) return;
    instance.handler.acknowledge?.(event, signal).catch((error: Error) => {
      this.log.warn({ instance: instance.name, error: error.message }, 'a press could not be acknowledged');
    });
  }

  private async keepActionTokens(
    instance: LiveInstance,
    plans: { actionTokens: { token: string; value: string }[] }[],
  ) {
    const tokens = plans.flatMap(({ actionTokens }) => actionTokens);
    if (tokens.length > 0) await this.store.actionTokens.put(instance.id, tokens);
  }
}
