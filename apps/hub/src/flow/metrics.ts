import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What `/metrics` shows. Labels are of closed sets: no chat, no contact, no instance that could be made without bound. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  private readonly receivedTotal = new Counter({
    name: 'omni_events_received_total',
    help: 'Events that platforms delivered, after their commit.',
    labelNames: ['channel', 'type', 'duplicate'],
    registers: [this.registry],
  });
  private readonly turnsTotal = new Counter({
    name: 'omni_turns_total',
    help: 'Turns by how they ended.',
    labelNames: ['channel', 'outcome', 'reason'],
    registers: [this.registry],
  });
  private readonly agentSeconds = new Histogram({
    name: 'omni_agent_seconds',
    help: 'Time that agents took to answer.',
    labelNames: ['kind', 'outcome'],
    buckets: seconds,
    registers: [this.registry],
  });
  private readonly deliveriesTotal = new Counter({
    name: 'omni_deliveries_total',
    help: 'Attempts at platforms by how they ended.',
    labelNames: ['channel', 'outcome', 'code'],
    registers: [this.registry],
  });
  private readonly mediaTotal = new Counter({
    name: 'omni_media_total',
    help: 'Attempts to fetch files of messages by how they ended.',
    labelNames: ['channel', 'outcome'],
    registers: [this.registry],
  });
  private readonly transcriptSeconds = new Histogram({
    name: 'omni_transcript_seconds',
    help: 'Time that attempts to have recordings transcribed took, by how they ended.',
    labelNames: ['channel', 'outcome'],
    buckets: seconds,
    registers: [this.registry],
  });
  private readonly speechSeconds = new Histogram({
    name: 'omni_speech_seconds',
    help: 'Time that having answers said took, by how it ended.',
    labelNames: ['channel', 'outcome'],
    buckets: seconds,
    registers: [this.registry],
  });
  private readonly speechTotal = new Counter({
    name: 'omni_speech_total',
    help: 'Answers that were to be spoken, by what became of them: spoken, or why they were written.',
    labelNames: ['channel', 'reason'],
    registers: [this.registry],
  });
  private readonly replaySeconds = new Histogram({
    name: 'omni_replay_seconds',
    help: 'Time that agents took to answer turns that were asked again, by how that ended.',
    labelNames: ['replay', 'kind', 'outcome'],
    buckets: seconds,
    registers: [this.registry],
  });
  private readonly shadowsDroppedTotal = new Counter({
    name: 'omni_shadows_dropped_total',
    help: 'Turns that a shadow agent was not asked about, since too many waited for it.',
    registers: [this.registry],
  });
  private readonly waitSeconds = new Histogram({
    name: 'omni_wait_seconds',
    help: 'Time from commit to the start of work, by stage.',
    labelNames: ['stage'],
    buckets: seconds,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  received(channel: string, type: string, duplicate: boolean): void {
    this.receivedTotal.inc({ channel, type, duplicate: String(duplicate) });
  }

  turn(channel: string, outcome: string, reason: string): void {
    this.turnsTotal.inc({ channel, outcome, reason });
  }

  agent(kind: string, outcome: string, ms: number): void {
    this.agentSeconds.observe({ kind, outcome }, ms / 1000);
  }

  delivery(channel: string, outcome: string, code: string | null): void {
    this.deliveriesTotal.inc({ channel, outcome, code: code ?? '' });
  }

  media(channel: string, outcome: 'ready' | 'retrying' | 'failed'): void {
    this.mediaTotal.inc({ channel, outcome });
  }

  transcript(channel: string, outcome: 'ready' | 'retrying' | 'failed', ms: number): void {
    this.transcriptSeconds.observe({ channel, outcome }, ms / 1000);
  }

  /** `ms` is null where the speech service was not asked. */
  speech(channel: string, reason: string, ms: number | null): void {
    this.speechTotal.inc({ channel, reason });
    const outcome = reason === 'spoken' ? 'ready' : 'failed';
    if (ms !== null) this.speechSeconds.observe({ channel, outcome }, ms / 1000);
  }

  replay(
    replay: 'single' | 'batch' | 'shadow',
    kind: string | null,
    outcome: string,
    ms: number | null,
  ): void {
    this.replaySeconds.observe({ replay, kind: kind ?? '', outcome }, (ms ?? 0) / 1000);
  }

  shadowsDropped(count: number): void {
    this.shadowsDroppedTotal.inc(count);
  }

  waited(stage: 'router' | 'outbox', ms: number): void {
    this.waitSeconds.observe({ stage }, ms / 1000);
  }

  /** A figure that is read when `/metrics` is asked. */
  gauge(name: string, help: string, read: () => Promise<number> | number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read());
      },
    });
  }
}
