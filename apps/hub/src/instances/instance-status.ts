import type { ProbeResult } from '@omni-hub/channel-sdk';
import type { AccountConnection } from '@omni-hub/contracts';
import type { InstanceState } from './instance-states';
import type { LiveInstance } from './live-instance';

/** What is known of an instance. Times are ISO 8601. */
export interface InstanceStatus {
  state: 'ok' | 'degraded' | 'paused' | 'disabled';
  /** Why it is not ok, and what to do. */
  problem: string | null;
  lastInboundAt: string | null;
  lastSendAt: string | null;
  lastError: { at: string; code: string; detail: string } | null;
  transport: { state: string; detail: string | null; at: string } | null;
  /** How the account stood with its platform when that last told. */
  connection: { state: AccountConnection; detail: string; at: string } | null;
  /** Set while the account may begin no conversations. */
  restriction: { code: string; reason: string; since: string; until: string } | null;
  platform: ProbeResult | { error: string; detail: string } | null;
}

/** What a status is judged by. */
export interface StatusFacts extends InstanceState {
  platform: InstanceStatus['platform'];
  transport: string | null;
}

/** By the account's connection; an instance that waits for its account is paused with the same word as its code. */
const waysOut: Record<string, string | undefined> = {
  closed: 'The platform connects it again by itself; if it does not, restart the instance',
  unlinked: 'Link the account again: the QR code is at /api/v1/instances/{name}/qr',
  banned: 'Only the platform’s support can give the account back',
} satisfies Partial<Record<AccountConnection, string>>;

const wayOutOf = (state: string, name: string) => waysOut[state]?.replace('{name}', name);

/** The worst of what is known, and what to do about it. What the platform says right now counts more than what it told before. */
export function judge(
  { name, enabled, paused }: Pick<LiveInstance, 'name' | 'enabled' | 'paused'>,
  { platform, transport, connection, restriction }: StatusFacts,
): Pick<InstanceStatus, 'state' | 'problem'> {
  if (!enabled) return { state: 'disabled', problem: 'set "enabled": true on the instance' };
  if (paused) {
    const wayOut =
      wayOutOf(paused.code.toLowerCase(), name) ?? 'Correct the configuration by PATCH, or connect again';
    return { state: 'paused', problem: `${paused.reason}. ${wayOut}` };
  }
  const broken =
    brokenPlatform(platform) ??
    brokenConnection(connection, platform, name) ??
    brokenTransport(transport) ??
    restricted(restriction);
  return broken === null ? { state: 'ok', problem: null } : { state: 'degraded', problem: broken };
}

function brokenPlatform(platform: InstanceStatus['platform']): string | null {
  if (platform === null) return null;
  if ('error' in platform) return platform.detail;
  return platform.healthy ? null : (platform.problem ?? 'the platform says that no events can reach the hub');
}

/** A connection that was lost is of no concern once the platform says that it is well; a ban is for it to take back. */
function brokenConnection(
  connection: InstanceState['connection'],
  platform: InstanceStatus['platform'],
  name: string,
): string | null {
  const wayOut = connection && wayOutOf(connection.state, name);
  if (!wayOut) return null;
  const isMended = platform !== null && 'healthy' in platform && platform.healthy;
  if (isMended && connection.state !== 'banned') return null;
  return `the account is ${connection.state}${connection.detail && ` (${connection.detail})`}. ${wayOut}`;
}

function brokenTransport(transport: string | null): string | null {
  return transport === 'retrying' || transport === 'refused'
    ? 'the connection to the platform is down'
    : null;
}

function restricted(restriction: InstanceState['restriction']): string | null {
  if (!restriction) return null;
  const until = new Date(restriction.until).toISOString();
  return (
    `the account is restricted, not broken (${restriction.reason}). Until ${until} first contacts and scheduled messages ` +
    'are not sent but kept as dead letters, to be replayed; answers go on. Connect the instance to try earlier'
  );
}
