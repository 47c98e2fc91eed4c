import { clean } from './clean';
import type { OpenedEngine } from './engine';
import { GroupCommit } from './group-commit';
import type {
  ClaimedDelivery,
  ClaimedTurn,
  ClaimQuery,
  DeliveryCompletion,
  EnqueueRequest,
  EnqueueResult,
  HotPath,
  IngestResult,
  LaneLease,
  NewEvent,
  TurnCompletion,
} from './store';

/** At most this many messages are answered together; the others wait for the next turn. */
export const maxMessagesOfTurn = 50;

/** The hot path for single callers: what many want at once becomes one commit. */
export class HotStore {
  private readonly hotPath: HotPath;
  private readonly ingests: LaneCommits<NewEvent, IngestResult>;
  private readonly turnCompletions: LaneCommits<TurnCompletion, boolean>;
  private readonly enqueues: LaneCommits<EnqueueRequest, EnqueueResult>;
  private readonly deliveryCompletions: LaneCommits<DeliveryCompletion, boolean>;

  constructor(private readonly engine: OpenedEngine) {
    const { hotPath, hint } = engine;
    this.hotPath = hotPath;
    this.ingests = this.commits(async (batch) => {
      const results = await hotPath.ingest(batch);
      hint('turns');
      return results;
    });
    this.turnCompletions = this.commits(async (batch) => {
      const results = await hotPath.completeTurns(batch);
      if (batch.some(({ outbound }) => outbound.length > 0)) hint('deliveries');
      return results;
    });
    this.enqueues = this.commits(async (batch) => {
      const results = await hotPath.enqueue(batch);
      hint('deliveries');
      return results;
    });
    this.deliveryCompletions = this.commits((batch) => hotPath.completeDeliveries(batch));
  }

  /** Resolves once the event is durable. Rejects with OverloadedError when too much waits. */
  ingest(event: NewEvent): Promise<IngestResult> {
    const size = event.event.length + (event.raw?.byteLength ?? 0);
    return this.ingests.add(event.chat?.externalId ?? event.eventId, clean(event), size);
  }

  claimTurns(query: ClaimQuery): Promise<ClaimedTurn[]> {
    return this.hotPath.claimTurns(query, maxMessagesOfTurn);
  }

  /** False when the lease was lost: nothing was written then, and another holder goes on. */
  completeTurn(completion: TurnCompletion): Promise<boolean> {
    return this.turnCompletions.add(completion.lease.chatId, completion, completion.turn.trace.length);
  }

  /** Resolves once the message is durable. Rejects with OverloadedError when too much waits. */
  enqueue(request: EnqueueRequest): Promise<EnqueueResult> {
    return this.enqueues.add(request.chat.externalId, request, request.message.content.length);
  }

  claimDeliveries(query: ClaimQuery): Promise<ClaimedDelivery[]> {
    return this.hotPath.claimDeliveries(query);
  }

  /** False when the lease was lost: nothing was written then. */
  completeDelivery(completion: DeliveryCompletion): Promise<boolean> {
    return this.deliveryCompletions.add(completion.lease.chatId, completion, completion.log.length);
  }

  extendTurns(leases: LaneLease[], until: number): Promise<boolean[]> {
    return this.hotPath.extendTurns(leases.map(bare), until);
  }

  extendDeliveries(leases: LaneLease[], until: number): Promise<boolean[]> {
    return this.hotPath.extendDeliveries(leases.map(bare), until);
  }

  releaseTurns(leases: LaneLease[], now: number): Promise<void> {
    return this.hotPath.releaseTurns(leases.map(bare), now);
  }

  recordPreview(lease: LaneLease, previewId: string): Promise<void> {
    return this.hotPath.recordPreview(bare(lease), previewId);
  }

  nextReadyAt(lanes: 'turns' | 'deliveries', now: number): Promise<number | null> {
    return this.hotPath.nextReadyAt(lanes, now);
  }

  /** Resolves when everything that was asked is committed or refused. */
  async drained(): Promise<void> {
    const all = [this.ingests, this.turnCompletions, this.enqueues, this.deliveryCompletions];
    await Promise.all(all.map((commits) => commits.drained()));
  }

  private commits<Item, Result>(flush: (batch: Item[]) => Promise<Result[]>): LaneCommits<Item, Result> {
    const { concurrency, maxRows } = this.engine;
    return new LaneCommits(concurrency, () => new GroupCommit({ flush, maxRows }));
  }
}

/**
 * Several group commits side by side. All that concerns one chat goes through the same one: order within a chat is order of
 * arrival, and two flushes never wait for the same row.
 */
class LaneCommits<Item, Result> {
  private readonly groups: GroupCommit<Item, Result>[];

  constructor(count: number, make: () => GroupCommit<Item, Result>) {
    this.groups = Array.from({ length: count }, make);
  }

  add(chat: string, item: Item, bytes: number): Promise<Result> {
    return this.groups[hashOf(chat) % this.groups.length].add(item, bytes);
  }

  async drained(): Promise<void> {
    await Promise.all(this.groups.map((group) => group.drained()));
  }
}

function hashOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (hash * 31 + text.charCodeAt(index)) >>> 0;
  return hash;
}

/** Claims are leases with much else in them: only the lease has to travel. */
const bare = ({ chatId, epoch }: LaneLease): LaneLease => ({ chatId, epoch });
