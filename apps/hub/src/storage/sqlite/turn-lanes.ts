import type { Database, Statement } from 'better-sqlite3';
import { newId } from '../../flow/ids';
import { settledAt } from '../ingest-plan';
import { doneWith } from '../done-with';
import type { ClaimedMessage, ClaimedTurn, ClaimQuery, LaneLease, TurnCompletion } from '../store';
import type { DeadLetterLog } from './dead-letter-log';
import type { OutboxLanes } from './outbox-lanes';

type ClaimedLane = Omit<ClaimedTurn, 'claimedBefore' | 'trace' | 'messages'>;

/** The lanes of chats: claimed for one turn at a time, and moved on when it ends. */
export class TurnLanes {
  private readonly findReady: Statement;
  private readonly lease: Statement;
  private readonly readMessages: Statement;
  private readonly readTrace: Statement;
  private readonly skipGap: Statement;
  private readonly finish: Statement;
  private readonly retry: Statement;
  private readonly saveTurn: Statement;
  private readonly addShadow: Statement;
  private readonly extendLease: Statement;
  private readonly releaseLease: Statement;
  private readonly savePreview: Statement;

  constructor(
    db: Database,
    private readonly outbox: OutboxLanes,
    private readonly deadLetters: DeadLetterLog,
  ) {
    this.findReady = db
      .prepare(
        `select id from chats where ready_at <= @now and instance_id not in (select value from json_each(@excluded))
         order by ready_at limit @limit`,
      )
      .pluck();
    const takesAll = `turn_id is null and tail_seq <= done_seq + @maxMessages`;
    this.lease = db.prepare(`
      update chats set
        ready_at = @until, leased = 1, epoch = epoch + 1,
        turn_id = coalesce(turn_id, @turnId),
        turn_seq = coalesce(turn_seq, min(tail_seq, done_seq + @maxMessages)),
        settle_from = case when ${takesAll} then null else settle_from end,
        settle_ms = case when ${takesAll} then 0 else settle_ms end
      where id = @id
      returning id as chatId, epoch, instance_id as instanceId, coalesce(seen_address, address) as address,
        address as filedAs, kind as chatKind, title as chatTitle,
        turn_id as turnId, attempts, preview_id as previewId, done_seq + 1 as firstSeq, turn_seq as lastSeq,
        paused_at as pausedAt, paused_until as pausedUntil, paused_reason as pausedReason
    `);
    this.readMessages = db.prepare(`
      select m.id, m.seq, m.type, m.content as event, m.received_at as receivedAt, c.person_id as personId
      from messages m
      left join contacts c on c.instance_id = m.instance_id and c.external_id = m.sender_id
      where m.chat_id = ? and m.seq between ? and ? order by m.seq
    `);
    this.readTrace = db.prepare(`select trace from turns where id = ?`).pluck();
    const settled = settledAt('min', 'last_inbound_at', 'settle_from', 'settle_ms');
    const goOn = `
      done_seq = @doneSeq, ready_at = case when tail_seq > @doneSeq then max(@now, coalesce(${settled}, 0)) end,
      leased = 0, attempts = 0, turn_id = null, turn_seq = null`;
    this.skipGap = db.prepare(`update chats set ${goOn}, preview_id = null where id = @chatId`);
    this.finish = db.prepare(`
      update chats set ${goOn}, preview_id = case when @keepsPreview then preview_id end
      where id = @chatId and epoch = @epoch and turn_id = @turnId and leased = 1
    `);
    this.retry = db.prepare(`
      update chats set leased = 0, attempts = @attempts, ready_at = @retryAt, turn_seq = @lastSeq
      where id = @chatId and epoch = @epoch and turn_id = @turnId and leased = 1
    `);
    this.saveTurn = db.prepare(`
      insert into turns (id, instance_id, chat_id, first_seq, last_seq, status, agent_kind, attempts,
        started_at, finished_at, trace)
      values (@id, @instanceId, @chatId, @firstSeq, @lastSeq, @status, @agentKind, @attempts, @startedAt, @finishedAt, @trace)
      on conflict (id) do update set
        last_seq = excluded.last_seq, status = excluded.status, agent_kind = excluded.agent_kind, attempts = excluded.attempts,
        finished_at = excluded.finished_at, trace = excluded.trace
    `);
    this.addShadow = db.prepare(`
      insert into replays (id, kind, instance_id, turn_id, ready_at, created_at)
      values (@shadow, 'shadow', @instanceId, @turnId, @now, @now)
    `);
    this.extendLease = db.prepare(
      `update chats set ready_at = @until where id = @chatId and epoch = @epoch and leased = 1`,
    );
    this.releaseLease = db.prepare(`
      update chats set ready_at = @now, leased = 0, epoch = epoch + 1
      where id = @chatId and epoch = @epoch and leased = 1
    `);
    this.savePreview = db.prepare(
      `update chats set preview_id = @previewId where id = @chatId and epoch = @epoch and leased = 1`,
    );
  }

  claim({ now, leaseMs, limit, excludeInstances }: ClaimQuery, maxMessages: number): ClaimedTurn[] {
    const excluded = JSON.stringify(excludeInstances);
    const ready = this.findReady.all({ now, excluded, limit }) as string[];
    const turns: ClaimedTurn[] = [];
    for (const id of ready) {
      const turnId = newId();
      const lane = this.lease.get({ id, until: now + leaseMs, turnId, maxMessages }) as ClaimedLane;
      const claimedBefore = lane.turnId !== turnId;
      const messages = this.readMessages.all(lane.chatId, lane.firstSeq, lane.lastSeq) as ClaimedMessage[];
      if (messages.length === 0) this.skipGap.run({ chatId: lane.chatId, doneSeq: lane.lastSeq, now });
      else turns.push({ ...lane, claimedBefore, trace: this.earlierTrace(lane), messages });
    }
    return turns;
  }

  complete(batch: TurnCompletion[]): boolean[] {
    return batch.map((completion) => {
      const { lease, turn, outbound, deadLetter, shadow } = completion;
      const { chatId } = lease;
      if (!this.move(completion)) return false;
      this.saveTurn.run({ ...turn, chatId });
      for (const message of outbound) this.outbox.append(chatId, message);
      if (deadLetter) this.deadLetters.add(deadLetter);
      if (shadow) {
        const { id: turnId, instanceId, finishedAt: now } = turn;
        this.addShadow.run({ shadow, instanceId, turnId, now });
      }
      return true;
    });
  }

  /** False where the lease is lost. */
  private move({ lease, turn, retryAt, keepsPreview }: TurnCompletion): boolean {
    const held = { chatId: lease.chatId, epoch: lease.epoch, turnId: turn.id };
    const { attempts, lastSeq, finishedAt: now } = turn;
    const doneSeq = doneWith(turn);
    const moved =
      retryAt === null
        ? this.finish.run({ ...held, doneSeq, keepsPreview: Number(keepsPreview), now })
        : this.retry.run({ ...held, attempts, lastSeq, retryAt });
    return moved.changes > 0;
  }

  extend(leases: LaneLease[], until: number): boolean[] {
    return leases.map(({ chatId, epoch }) => this.extendLease.run({ chatId, epoch, until }).changes > 0);
  }

  release(leases: LaneLease[], now: number): void {
    for (const { chatId, epoch } of leases) this.releaseLease.run({ chatId, epoch, now });
  }

  recordPreview({ chatId, epoch }: LaneLease, previewId: string): void {
    this.savePreview.run({ chatId, epoch, previewId });
  }

  private earlierTrace({ turnId, attempts }: ClaimedLane): string | null {
    return attempts === 0 ? null : ((this.readTrace.get(turnId) as string | undefined) ?? null);
  }
}
