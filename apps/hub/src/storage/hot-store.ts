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
const maxMessagesOfTurn = 50;

/** The hot path for single callers: what many want at once becomes one commit. */
export class HotStore {
  private readonly hotPath: HotPath;
  private readonly ingests: GroupCommit<NewEvent, IngestResult>;
  private readonly turnCompletions: GroupCommit<TurnCompletion, boolean>;
  private readonly enqueues: GroupCommit<EnqueueRequest, EnqueueResult>;
  private readonly deliveryCompletions: GroupCommit<DeliveryCompletion, boolean>;

  constructor({ hotPath, concurrency, maxRows, hint }: OpenedEngine) {
    this.hotPath = hotPath;
    const group = <Item, Result>(
      flush: (batch: Item[]) => Promise<Result[]>,
      hintOf: (batch: Item[]) => 'turns' | 'deliveries' | null,
    ) =>
      new GroupCommit<Item, Result>({
        concurrency,
        maxRows,
        flush: async (batch) => {
          const results = await flush(batch);
          const work = hintOf(batch);
          if (work) hint(work);
          return results;
        },
      });
    this.ingests = group(
      (batch) => hotPath.ingest(batch),
      () => 'turns',
    );
    this.turnCompletions = group(
      (batch) => hotPath.completeTurns(batch),
      (batch) => (batch.some(({ outbound }) => outbound.length > 0) ? 'deliveries' : null),
    );
    this.enqueues = group(
      (batch) => hotPath.enqueue(batch),
      () => 'deliveries',
    );
    this.deliveryCompletions = group(
      (batch) => hotPath.completeDeliveries(batch),
      () => null,
    );
  }

  /** Resolves once the event is durable. Rejects with OverloadedError when too much waits. */
  ingest(event: NewEvent): Promise<IngestResult> {
    return this.ingests.add(clean(event), event.event.length + (event.raw?.byteLength ?? 0));
  }

  claimTurns(query: ClaimQuery): Promise<ClaimedTurn[]> {
    return this.hotPath.claimTurns(query, maxMessagesOfTurn);
  }

  /** False when the lease was lost: nothing was written then, and another holder goes on. */
  completeTurn(completion: TurnCompletion): Promise<boolean> {
    return this.turnCompletions.add(completion, completion.turn.trace.length);
  }

  /** Resolves once the message is durable. Rejects with OverloadedError when too much waits. */
  enqueue(request: EnqueueRequest): Promise<EnqueueResult> {
    return this.enqueues.add(request, request.message.content.length);
  }

  claimDeliveries(query: ClaimQuery): Promise<ClaimedDelivery[]> {
    return this.hotPath.claimDeliveries(query);
  }

  /** False when the lease was lost: nothing was written then. */
  completeDelivery(completion: DeliveryCompletion): Promise<boolean> {
    return this.deliveryCompletions.add(completion, completion.log.length);
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
    await Promise.all(
      [this.ingests, this.turnCompletions, this.enqueues, this.deliveryCompletions].map((group) =>
        group.drained(),
      ),
    );
  }
}

/** Claims are leases with much else in them: only the lease has to travel. */
const bare = ({ chatId, epoch }: LaneLease): LaneLease => ({ chatId, epoch });
