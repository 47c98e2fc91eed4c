import type { Dispatch } from '../models/api.models';

/** Events that tell everything about a server, megabytes of it, of which little is read. */
const kept: Record<string, readonly string[]> = {
  READY: ['v', 'session_id', 'resume_gateway_url', 'shard'],
  GUILD_CREATE: ['id', 'name', 'joined_at', 'unavailable', 'member_count', 'owner_id', 'preferred_locale'],
};

/** A frame as the hub keeps it: as it came, the largest kinds without what nobody reads. Gives the same events. */
export function keptFrame({ kind, data, sequence, raw }: Dispatch): string {
  const fields = kept[kind];
  if (!fields || typeof data !== 'object' || data === null) return raw;
  const d = Object.fromEntries(Object.entries(data).filter(([name]) => fields.includes(name)));
  return JSON.stringify({ op: 0, t: kind, s: sequence, d });
}
