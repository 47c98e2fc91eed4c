/** What clients say, read into what the gateway needs; null where it cannot be read. */

export interface IdentifyRequest {
  token: string;
  intents: number;
  shard: [id: number, count: number];
}

export interface ResumeRequest {
  token: string;
  sessionId: string;
  sequence: number;
}

export function readIdentify(data: unknown): IdentifyRequest | null {
  const { token, intents, shard, properties } = asObject(data);
  if (typeof token !== 'string' || typeof intents !== 'number' || typeof properties !== 'object') return null;
  const pair = shard === undefined ? [0, 1] : shard;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((one) => Number.isInteger(one))) return null;
  return { token: bare(token), intents, shard: [pair[0], pair[1]] };
}

export function readResume(data: unknown): ResumeRequest | null {
  const { token, session_id, seq } = asObject(data);
  if (typeof token !== 'string' || typeof session_id !== 'string' || typeof seq !== 'number') return null;
  return { token: bare(token), sessionId: session_id, sequence: seq };
}

const bare = (token: string): string => token.replace(/^Bot /, '');

function asObject(data: unknown): Record<string, unknown> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}
