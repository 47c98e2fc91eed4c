import type { ChannelHandler, ListenSession, Received } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';

/** A batch that the listener offers, and what decides whether it is committed. */
export interface Offer {
  received: Received;
  commit(): void;
  fail(): void;
}

/** The hub's side of a listener: keeps what is offered and commits nothing by itself. */
export class LiveSession implements ListenSession {
  readonly states = new Set<string>();
  /** What was committed, in order. */
  readonly committed: InboundEvent[] = [];
  cursor: string | null;
  private readonly offers: Offer[] = [];
  private readonly controller = new AbortController();
  private end: Promise<string | null> = Promise.resolve(null);

  constructor(cursor: string | null = null) {
    this.cursor = cursor;
  }

  /** Starts the handler's listener. */
  start(handler: ChannelHandler): void {
    if (!handler.listen) throw new Error('the handler has no listen');
    this.end = handler.listen(this, this.controller.signal).then(
      () => (this.controller.signal.aborted ? null : 'listen ended by itself'),
      (error: unknown) => `listen threw ${String(error)}`,
    );
  }

  accept(received: Received, _raw: Buffer, cursor: string | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const commit = () => {
        this.committed.push(...received.events);
        this.cursor = cursor;
        resolve();
      };
      this.offers.push({ received, commit, fail: () => reject(new Error('the store is not available')) });
    });
  }

  state(state: string): void {
    this.states.add(state);
  }

  /** The next batch that holds events; batches without any are committed on the way. Undefined where none comes in time. */
  async nextOffer(limitMs: number): Promise<Offer | undefined> {
    let found: Offer | undefined;
    await waitUntil(() => {
      const offer = this.offers.shift();
      if (offer && offer.received.events.length === 0) offer.commit();
      else found = offer;
      return found !== undefined;
    }, limitMs);
    return found;
  }

  /** Aborts. Tells what is wrong where the listener ended before, threw, or does not end in time. */
  async stop(limitMs: number): Promise<string[]> {
    this.controller.abort();
    for (const offer of this.offers.splice(0)) offer.fail();
    let problem: string | null | undefined;
    this.end.then((end) => (problem = end));
    const ended = await waitUntil(() => problem !== undefined, limitMs);
    if (!ended) return [`listen went on for more than ${limitMs} ms after the abort`];
    return problem ? [problem] : [];
  }
}

/** Looks again and again until the condition holds or the time is over; tells which. */
export async function waitUntil(condition: () => boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}
