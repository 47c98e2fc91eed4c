import { sql } from 'kysely';
import type { HintedWork, OpenedEngine } from './engine';
import { StoreError } from './errors';
import { HotStore } from './hot-store';
import { AccessRulesRepository } from './repositories/access-rules.repository';
import { ActionTokensRepository } from './repositories/action-tokens.repository';
import { AliasesRepository } from './repositories/aliases.repository';
import { ApiKeysRepository } from './repositories/api-keys.repository';
import { ChatsRepository } from './repositories/chats.repository';
import { ContactsRepository } from './repositories/contacts.repository';
import { CursorsRepository } from './repositories/cursors.repository';
import { DeadLettersRepository } from './repositories/dead-letters.repository';
import { DeliveryStatusRepository } from './repositories/delivery-status.repository';
import { HistoryRepository } from './repositories/history.repository';
import { InstanceStatesRepository } from './repositories/instance-states.repository';
import { InstancesRepository } from './repositories/instances.repository';
import { LeasesRepository } from './repositories/leases.repository';
import { ListedStoriesRepository } from './repositories/listed-stories.repository';
import { MediaRepository } from './repositories/media.repository';
import { MessagesRepository } from './repositories/messages.repository';
import { OutgoingFilesRepository } from './repositories/outgoing-files.repository';
import { RecoveryRepository } from './repositories/recovery.repository';
import { ReplayBatchesRepository } from './repositories/replay-batches.repository';
import { ReplayReportsRepository } from './repositories/replay-reports.repository';
import { ReplaysRepository } from './repositories/replays.repository';
import { RetentionRepository } from './repositories/retention.repository';
import { ScheduledRepository } from './repositories/scheduled.repository';
import { StatsRepository } from './repositories/stats.repository';
import { TracesRepository } from './repositories/traces.repository';
import { TurnsRepository } from './repositories/turns.repository';
import { WaitingRepository } from './repositories/waiting.repository';
import { openSqlite } from './sqlite/open-sqlite';
import type { Engine } from './store';

export { StoreError } from './errors';

/** The database as the hub sees it. Nothing outside this folder knows SQL. */
export class Store {
  readonly hot: HotStore;
  readonly instances: InstancesRepository;
  readonly accessRules: AccessRulesRepository;
  readonly chats: ChatsRepository;
  readonly contacts: ContactsRepository;
  readonly messages: MessagesRepository;
  readonly history: HistoryRepository;
  readonly media: MediaRepository;
  readonly outgoingFiles: OutgoingFilesRepository;
  readonly deadLetters: DeadLettersRepository;
  readonly deliveryStatus: DeliveryStatusRepository;
  readonly scheduled: ScheduledRepository;
  readonly apiKeys: ApiKeysRepository;
  readonly leases: LeasesRepository;
  readonly cursors: CursorsRepository;
  readonly actionTokens: ActionTokensRepository;
  readonly aliases: AliasesRepository;
  readonly instanceStates: InstanceStatesRepository;
  readonly traces: TracesRepository;
  readonly listedStories: ListedStoriesRepository;
  readonly turns: TurnsRepository;
  readonly replays: ReplaysRepository;
  readonly replayBatches: ReplayBatchesRepository;
  readonly replayReports: ReplayReportsRepository;
  readonly retention: RetentionRepository;
  readonly stats: StatsRepository;
  readonly waiting: WaitingRepository;
  private readonly recovery: RecoveryRepository;

  constructor(private readonly opened: OpenedEngine) {
    const { db } = opened;
    this.hot = new HotStore(opened);
    this.instances = new InstancesRepository(db);
    this.accessRules = new AccessRulesRepository(db);
    this.chats = new ChatsRepository(db);
    this.contacts = new ContactsRepository(db);
    this.messages = new MessagesRepository(db);
    this.history = new HistoryRepository(db);
    this.media = new MediaRepository(db);
    this.outgoingFiles = new OutgoingFilesRepository(db);
    this.deadLetters = new DeadLettersRepository(db, this.hot);
    this.deliveryStatus = new DeliveryStatusRepository(db);
    this.scheduled = new ScheduledRepository(db);
    this.apiKeys = new ApiKeysRepository(db);
    this.leases = new LeasesRepository(db);
    this.cursors = new CursorsRepository(db);
    this.actionTokens = new ActionTokensRepository(db);
    this.aliases = new AliasesRepository(db);
    this.instanceStates = new InstanceStatesRepository(db);
    this.traces = new TracesRepository(db, opened.engine);
    this.listedStories = new ListedStoriesRepository(db);
    this.turns = new TurnsRepository(db);
    this.replays = new ReplaysRepository(db);
    this.replayBatches = new ReplayBatchesRepository(db);
    this.replayReports = new ReplayReportsRepository(db);
    this.retention = new RetentionRepository(db);
    this.stats = new StatsRepository(db);
    this.waiting = new WaitingRepository(db);
    this.recovery = new RecoveryRepository(db, opened.engine);
  }

  get engine(): Engine {
    return this.opened.engine;
  }

  /**
   * To be called once by a process that works, before it claims anything. Where no other process works on the database, what dead ones
   * held is free from now on; where one does, it is free once their leases have run out.
   */
  join(): Promise<void> {
    return this.opened.join(() => this.recovery.freeAll(Date.now()));
  }

  /** Other processes on the same database may have made work. Answers a function that stops listening. */
  onHint(listener: (work: HintedWork) => void): () => void {
    return this.opened.onHint(listener);
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await sql`select 1`.execute(this.opened.db);
  }

  /** Commits what waits and closes every connection. Call it once the stages have stopped. */
  async close(): Promise<void> {
    await this.hot.drained();
    await this.opened.close();
  }
}

/** Opens `sqlite:<file>` or `postgres://…` and brings its schema up to date. Throws StoreError, which says what to do. */
export async function openStore(url: string): Promise<Store> {
  if (url.startsWith('sqlite:')) return new Store(await openSqlite(url));
  if (/^postgres(ql)?:\/\//.test(url)) {
    // Its driver is not loaded where SQLite does.
    const { openPostgres } = await import('./postgres/open-postgres');
    return new Store(await openPostgres(url));
  }
  throw new StoreError('OMNI_DATABASE_URL must start with sqlite: or postgres://');
}
