import { firstIdAt } from '../../flow/ids';
import type { Db, Row } from '../schema';
import { listedContent } from './listed-content';
import { toPage, type Page } from './page';

/** Which replays a report is about: a batch's, or those of an instance's shadow whose turns began in a time. */
export type ReportScope = { batchId: string } | { shadowOf: string; from: number | null; to: number | null };

export interface Percentiles {
  p50: number | null;
  p95: number | null;
}

export interface ReplayReport {
  total: number;
  /** How many of each status; one that there is none of is left out. */
  replay: Record<string, number>;
  original: Record<string, number>;
  /** Of those that are done. */
  same: number;
  different: number;
  ms: { original: Percentiles; replay: Percentiles };
}

/** A replay as a list shows it: content that is too long is null. */
export interface ListedReplay extends Omit<Row<'replays'>, 'content'> {
  content: string | null;
}

/** What came of many replays. Each report reads its own by an index. */
export class ReplayReportsRepository {
  constructor(private readonly db: Db) {}

  async read(scope: ReportScope): Promise<ReplayReport> {
    const [replay, original, same, originalMs, replayMs] = await Promise.all([
      this.count(scope, 'status'),
      this.count(scope, 'originalStatus'),
      this.count(scope, 'same'),
      this.percentiles(scope, 'originalMs'),
      this.percentiles(scope, 'ms'),
    ]);
    return {
      total: Object.values(replay).reduce((sum, count) => sum + count, 0),
      replay,
      original,
      same: same['1'] ?? 0,
      different: same['0'] ?? 0,
      ms: { original: originalMs, replay: replayMs },
    };
  }

  /** The replays themselves, newest turns first. */
  async list(scope: ReportScope, limit: number, cursor: string | null): Promise<Page<ListedReplay>> {
    let select = this.within(scope)
      .select(['id', 'kind', 'batchId', 'instanceId', 'turnId', 'status', 'agentKind', 'code', 'detail'])
      .select(['ms', 'originalMs', 'originalStatus', 'same', 'readyAt', 'leased', 'epoch'])
      .select(['createdAt', 'finishedAt', listedContent])
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (cursor) select = select.where('id', '<', cursor);
    return toPage(await select.execute(), limit);
  }

  private async count(
    scope: ReportScope,
    column: 'status' | 'originalStatus' | 'same',
  ): Promise<Record<string, number>> {
    const rows = await this.within(scope)
      .select(({ fn }) => [column, fn.countAll().as('count')])
      .where(column, 'is not', null)
      .groupBy(column)
      .execute();
    return Object.fromEntries(rows.map((row) => [String(row[column]), Number(row.count)]));
  }

  private async percentiles(scope: ReportScope, column: 'ms' | 'originalMs'): Promise<Percentiles> {
    const known = () => this.within(scope).where(column, 'is not', null);
    const { count } = await known()
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    const at = async (share: number) => {
      const rank = Math.ceil(Number(count) * share) - 1;
      if (rank < 0) return null;
      const row = await known().select(column).orderBy(column).limit(1).offset(rank).executeTakeFirst();
      return row?.[column] ?? null;
    };
    return { p50: await at(0.5), p95: await at(0.95) };
  }

  private within(scope: ReportScope) {
    const replays = this.db.selectFrom('replays');
    if ('batchId' in scope) return replays.where('batchId', '=', scope.batchId);
    let select = replays.where('instanceId', '=', scope.shadowOf).where('kind', '=', 'shadow');
    if (scope.from !== null) select = select.where('turnId', '>=', firstIdAt(scope.from));
    if (scope.to !== null) select = select.where('turnId', '<', firstIdAt(scope.to));
    return select;
  }
}
