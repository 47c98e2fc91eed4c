import { Agent, request } from 'undici';
import type { Random } from '../random';
import type { Delivery } from '../webhook-sender';

export interface EvolutionWebhookTiming {
  /** Before the first retry; then doubling. The real server's is 5000. */
  retryBaseMs: number;
  /** The real server's is 300000. */
  retryCapMs: number;
  /** How long an answer may take. */
  timeoutMs: number;
  /** Attempts in all. */
  attempts: number;
}

export const fastTiming: EvolutionWebhookTiming = {
  retryBaseMs: 50,
  retryCapMs: 2000,
  timeoutMs: 30_000,
  attempts: 10,
};

export interface Posted {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** First attempts of one lane leave one after the other; retries wait for nobody. */
  lane: string;
}

/** Answers after which the server gives up at once. */
const finalStatuses: readonly number[] = [400, 401, 403, 404, 422];
/** How long a first attempt may keep the next of its lane waiting. */
const laneHoldMs = 1000;
const jitter = 0.2;

/**
 * Sends events as Evolution does: one in each POST, forgotten by who sent it, repeated from memory until it was acknowledged or
 * given up. Nothing keeps the order once something was repeated.
 */
export class WebhookSender {
  private readonly lanes = new Map<string, Promise<void>>();
  private readonly retries = new Set<NodeJS.Timeout>();
  private readonly agent: Agent;
  private idle: (() => void)[] = [];
  private lastNumber = 0;
  private stopped = false;
  pending = 0;

  constructor(
    private readonly timing: EvolutionWebhookTiming,
    private readonly random: Random,
    private readonly record: (delivery: Delivery) => void,
  ) {
    this.agent = new Agent({ headersTimeout: timing.timeoutMs, bodyTimeout: timing.timeoutMs });
  }

  send(posted: Posted): void {
    const updateId = ++this.lastNumber;
    this.pending++;
    const before = this.lanes.get(posted.lane) ?? Promise.resolve();
    const turn = before.then(() => held(this.attempt(posted, updateId, 1)));
    this.lanes.set(posted.lane, turn);
    void turn.then(() => {
      if (this.lanes.get(posted.lane) === turn) this.lanes.delete(posted.lane);
    });
  }

  /** Drops everything that waits for another attempt, as a restart of the server does. Returns how many were lost. */
  forgetRetries(): number {
    const lost = this.retries.size;
    for (const timer of this.retries) clearTimeout(timer);
    this.retries.clear();
    for (let one = 0; one < lost; one++) this.settled();
    return lost;
  }

  /** Resolves when nothing is on its way. */
  async drained(): Promise<void> {
    if (this.pending > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  async close(): Promise<void> {
    this.stopped = true;
    this.forgetRetries();
    await this.agent.destroy();
  }

  private async attempt(posted: Posted, updateId: number, attempt: number): Promise<void> {
    const at = Date.now();
    const { status, error } = await this.post(posted);
    if (this.stopped) return this.settled();
    this.record({ updateId, lane: posted.lane, attempt, at, ms: Date.now() - at, status, error });
    const acknowledged = status !== null && status >= 200 && status < 300;
    const final = status !== null && finalStatuses.includes(status);
    if (acknowledged || final || attempt >= this.timing.attempts) return this.settled();
    const timer = setTimeout(() => {
      this.retries.delete(timer);
      void this.attempt(posted, updateId, attempt + 1);
    }, this.delay(attempt));
    this.retries.add(timer);
  }

  private async post({ url, headers, body }: Posted) {
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        dispatcher: this.agent,
      });
      await answer.body.dump();
      return { status: answer.statusCode, error: null };
    } catch (error) {
      return { status: null, error: (error as Error).message };
    }
  }

  private delay(attempt: number): number {
    const { retryBaseMs, retryCapMs } = this.timing;
    const exact = Math.min(retryBaseMs * 2 ** (attempt - 1), retryCapMs);
    return exact * (1 - jitter + 2 * jitter * this.random());
  }

  private settled(): void {
    this.pending--;
    if (this.pending > 0) return;
    const waiting = this.idle;
    this.idle = [];
    for (const resolve of waiting) resolve();
  }
}

function held(attempt: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, laneHoldMs);
    void attempt.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
