import type { Dispatch, GatewaySession } from '../models/api.models';
import { asCount, asObject, asText } from '../models/inbound.models';

/** The listener's cursor: `{ shards, sessions: { "0": { sessionId, resumeUrl, sequence } } }`, as far as it is committed. */
export class Sessions {
  /** What goes on, by shard. */
  private readonly committed = new Map<number, GatewaySession>();
  /** Sessions that Discord has ended: what is left of them to be committed does not bring them back. */
  private readonly over = new Set<string>();

  private constructor(readonly shards: number) {}

  /** Sessions of another number of shards are of no use: Discord divides the servers anew. */
  static read(cursor: string | null, shards: number): Sessions {
    const sessions = new Sessions(shards);
    const saved = asObject<{ shards: number; sessions: unknown }>(parse(cursor));
    const each = asObject<Record<string, unknown>>(saved?.sessions) as Record<string, unknown> | null;
    if (saved?.shards !== shards || !each) return sessions;
    for (let shard = 0; shard < shards; shard++) {
      const session = asObject<GatewaySession>(each[String(shard)]);
      const sessionId = asText(session?.sessionId);
      const resumeUrl = asText(session?.resumeUrl);
      const sequence = asCount(session?.sequence);
      if (sessionId !== null && resumeUrl !== null && sequence !== null)
        sessions.committed.set(shard, { sessionId, resumeUrl, sequence });
    }
    return sessions;
  }

  /** What the shard goes on with; null where it has to begin anew. */
  of(shard: number): GatewaySession | null {
    const session = this.committed.get(shard);
    return session && !this.over.has(session.sessionId) ? session : null;
  }

  /** The last committed event of the session; null where none is. */
  sequenceOf(shard: number, sessionId: string): number | null {
    const session = this.committed.get(shard);
    return session?.sessionId === sessionId ? session.sequence : null;
  }

  /** The cursor as it will be when the events are committed. */
  after(events: readonly ShardDispatch[]): string {
    const next = new Map(this.committed);
    for (const event of events) next.set(event.shard, sessionOf(event));
    return JSON.stringify({ shards: this.shards, sessions: Object.fromEntries(next) });
  }

  /** Called when the events are committed. */
  commit(events: readonly ShardDispatch[]): void {
    for (const event of events) this.committed.set(event.shard, sessionOf(event));
  }

  /** Called when Discord says that the shard's session is over. */
  end(shard: number, sessionId: string | undefined): void {
    const session = this.committed.get(shard);
    for (const id of [sessionId, session?.sessionId]) if (id !== undefined) this.over.add(id);
    this.committed.delete(shard);
    const [oldest] = this.over;
    if (this.over.size > 100 && oldest !== undefined) this.over.delete(oldest);
  }
}

export type ShardDispatch = Dispatch & { shard: number };

function sessionOf({ session, resumeUrl, sequence }: Dispatch): GatewaySession {
  return { sessionId: session, resumeUrl, sequence };
}

function parse(json: string | null): unknown {
  try {
    return json === null ? null : JSON.parse(json);
  } catch {
    return null;
  }
}
