import { Injectable } from '@nestjs/common';
import type { AccountConnection } from '@omni-hub/contracts';
import { Log } from '../flow/log';
import { Store } from '../storage/open-store';

/** What another process wrote down is seen at the latest after this. */
const refreshMs = 2_000;
/** No platform says when it lifts a restriction, and asking makes it worse: first contacts are tried again after this. */
const restrictedMs = 60 * 60_000;

export interface InstanceState {
  connection: { state: AccountConnection; detail: string; at: number } | null;
  /** Set while the account may begin no conversations. Times are epoch milliseconds. */
  restriction: { code: string; reason: string; since: number; until: number } | null;
}

const unknown: InstanceState = { connection: null, restriction: null };

/**
 * How each account stands with its platform, as the platform told it: in memory for the hot path, in the database for the
 * other processes and for the next start.
 */
@Injectable()
export class InstanceStates {
  private states = new Map<string, InstanceState>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: Store,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => {
      this.refresh().catch((error: Error) =>
        this.log.warn({ error: error.message }, 'the states of the accounts could not be read'),
      );
    }, refreshMs);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  of(instanceId: string): InstanceState {
    const state = this.states.get(instanceId) ?? unknown;
    const over = state.restriction !== null && state.restriction.until <= Date.now();
    return over ? { ...state, restriction: null } : state;
  }

  async connection(instanceId: string, state: AccountConnection, detail: string): Promise<void> {
    await this.store.instanceStates.setConnection(instanceId, state, detail, Date.now());
    await this.refresh();
  }

  /** The platform showed that the account may begin no conversations: from now on it begins none for an hour. */
  async restrict(instanceId: string, code: string, reason: string): Promise<void> {
    const now = Date.now();
    this.log.warn({ instanceId, code, reason }, 'the account may begin no conversations for now');
    await this.store.instanceStates.restrict(instanceId, code, reason, now, now + restrictedMs);
    await this.refresh();
  }

  async lift(instanceId: string): Promise<void> {
    await this.store.instanceStates.lift(instanceId);
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    const rows = await this.store.instanceStates.list();
    this.states = new Map(rows.map((row) => [row.instanceId, toState(row)]));
  }
}

function toState(row: Awaited<ReturnType<Store['instanceStates']['list']>>[number]): InstanceState {
  const { connection, connectionDetail, connectionAt, restrictedCode, restrictedReason } = row;
  return {
    connection: connection && {
      state: connection as AccountConnection,
      detail: connectionDetail ?? '',
      at: connectionAt ?? 0,
    },
    restriction: restrictedCode && {
      code: restrictedCode,
      reason: restrictedReason ?? '',
      since: row.restrictedSince ?? 0,
      until: row.restrictedUntil ?? 0,
    },
  } as InstanceState;
}
