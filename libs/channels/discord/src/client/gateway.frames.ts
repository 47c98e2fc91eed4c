import { GatewayDispatchEvents, GatewayOpcodes } from 'discord-api-types/v10';

/** One frame of the gateway that can be worked with. */
export interface Frame {
  op: number;
  d: unknown;
  s: number | null;
  t: string | null;
}

/**
 * A frame as the gateway documents it, or null where it is none: no JSON, binary, or without what its kind needs. Kinds that are
 * not known are sound: Discord may add some. https://docs.discord.com/developers/events/gateway-events#payload-structure
 */
export function readFrame(data: unknown): Frame | null {
  if (typeof data !== 'string') return null;
  const frame = asRecord(parse(data));
  if (!frame || !Number.isInteger(frame.op)) return null;
  const { op, d } = frame;
  if (op === GatewayOpcodes.Hello && !isInterval(asRecord(d)?.heartbeat_interval)) return null;
  if (op === GatewayOpcodes.InvalidSession && typeof d !== 'boolean') return null;
  if (op !== GatewayOpcodes.Dispatch) return { op: op as number, d, s: null, t: null };
  const { s, t } = frame;
  if (!Number.isSafeInteger(s) || typeof t !== 'string' || t === '') return null;
  if (t === GatewayDispatchEvents.Ready && !isReady(d)) return null;
  return { op, d, s: s as number, t };
}

/** Where a session begins. */
export function readReady(d: unknown): { sessionId: string; resumeUrl: string } {
  const { session_id: sessionId, resume_gateway_url: resumeUrl } = d as Record<string, string>;
  return { sessionId, resumeUrl };
}

/** True for an address that a connection can be opened to. */
export function isGatewayUrl(url: unknown): url is string {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { protocol, hash, search } = new URL(url);
  return /^wss?:$/.test(protocol) && hash === '' && search === '';
}

function isReady(d: unknown): boolean {
  const { session_id: sessionId, resume_gateway_url: resumeUrl } = asRecord(d) ?? {};
  return typeof sessionId === 'string' && sessionId !== '' && isGatewayUrl(resumeUrl);
}

function isInterval(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < 2 ** 31;
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
