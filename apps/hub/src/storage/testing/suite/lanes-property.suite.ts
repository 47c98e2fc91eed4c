import fc from 'fast-check';
import type { ClaimedDelivery, ClaimedTurn } from '../../store';
import { claimAt, completion, event, now, outbound, receipt } from '../samples';
import type { SuiteContext } from '../store.suite';

const chats = ['a', 'b', 'c'] as const;

/** How a turn ends: for good, not yet, given up for one with more messages, or before its last message. */
type End = 'complete' | 'retry' | 'merge' | 'cut';

/** What the world does, in any order. Time only moves on. */
type Step =
  | { do: 'receive'; chat: string }
  | { do: 'claim' | 'claimDelivery' }
  | { do: End | 'completeDelivery'; which: number }
  | { do: 'pass'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('receive' as const), chat: fc.constantFrom(...chats) }),
  fc.record({ do: fc.constantFrom('claim' as const, 'claimDelivery' as const) }),
  fc.record({
    do: fc.constantFrom<End | 'completeDelivery'>('complete', 'retry', 'merge', 'cut', 'completeDelivery'),
    which: fc.nat(),
  }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 5_000, 50_000) }),
);

export function describeAnySchedule({ store }: SuiteContext): void {
  describe('under any schedule of arrivals, claims, failures and lost leases', () => {
    it('answers each message once, in order, and says each answer once, in order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(), async (steps, seed) => {
          const world = new World(store, `${seed}-${Math.random()}`);
          for (const one of steps) await world.take(one);
          await world.finish();
          for (const chat of chats) {
            expect(world.answered.get(chat) ?? []).toEqual(world.received.get(chat) ?? []);
            expect(world.said.get(chat) ?? []).toEqual(world.received.get(chat) ?? []);
          }
        }),
        { numRuns: 15 },
      );
    });
  });
}

/** Keeps every claim that it was ever given, and writes with any of them: only who holds the lane may succeed. */
class World {
  readonly received = new Map<string, string[]>();
  readonly answered = new Map<string, string[]>();
  readonly said = new Map<string, string[]>();
  private readonly turns: ClaimedTurn[] = [];
  private readonly deliveries: ClaimedDelivery[] = [];
  private at = now;

  constructor(
    private readonly store: SuiteContext['store'],
    private readonly run: string,
  ) {}

  async take(one: Step): Promise<void> {
    switch (one.do) {
      case 'receive':
        return this.receive(one.chat);
      case 'claim':
        return void this.turns.push(...(await this.claim()));
      case 'claimDelivery':
        return void this.deliveries.push(...(await this.claimDeliveries()));
      case 'completeDelivery':
        return this.deliveries.length === 0 ? undefined : this.send(pick(this.deliveries, one.which));
      case 'pass':
        this.at += one.ms;
        return;
      default:
        if (this.turns.length > 0) return this.end(pick(this.turns, one.which), one.do);
    }
  }

  async finish(): Promise<void> {
    for (;;) {
      this.at += 100_000;
      const turns = await this.claim();
      for (const turn of turns) await this.end(turn, 'complete');
      const deliveries = await this.claimDeliveries();
      for (const one of deliveries) await this.send(one);
      if (turns.length + deliveries.length === 0) return;
    }
  }

  private async receive(chat: string): Promise<void> {
    const eventId = `${this.run}-${(this.received.get(chat) ?? []).length}-${chat}`;
    append(this.received, chat, eventId);
    await this.store().hot.ingest(event(`${this.run}-${chat}`, { eventId, receivedAt: this.at }));
  }

  private claim() {
    return this.store().hot.claimTurns(claimAt(this.at));
  }

  private claimDeliveries() {
    return this.store().hot.claimDeliveries(claimAt(this.at));
  }

  private async end(turn: ClaimedTurn, end: End): Promise<void> {
    const about = end === 'cut' ? turn.messages.slice(0, Math.ceil(turn.messages.length / 2)) : turn.messages;
    const ids = about.map(({ event: json }) => (JSON.parse(json) as { eventId: string }).eventId);
    const { seq: lastSeq } = about[about.length - 1];
    const finishedAt = this.at;
    const isOver = end === 'complete' || end === 'cut';
    const ended = await this.store().hot.completeTurn(
      isOver
        ? completion(turn, { outbound: [outbound(ids)], turn: { finishedAt, lastSeq } })
        : end === 'merge'
          ? completion(turn, { turn: { status: 'merged', finishedAt } })
          : completion(turn, { retryAt: this.at + 2_000, turn: { status: 'retrying' } }),
    );
    if (ended && isOver) append(this.answered, chatOf(turn.address), ...ids);
  }

  private async send(one: ClaimedDelivery): Promise<void> {
    if (await this.store().hot.completeDelivery(receipt(one, { at: this.at })))
      append(this.said, chatOf(one.address), one.part);
  }
}

const chatOf = (address: string) => address.slice(-1);
const pick = <Item>(items: Item[], which: number) => items[which % items.length];

function append(lists: Map<string, string[]>, key: string, ...items: string[]): void {
  lists.set(key, [...(lists.get(key) ?? []), ...items]);
}
