import type { ProbeResult } from '@omni-hub/channel-sdk';
import type { SlackClient } from '../client/slack.client';

/** Without one of these the app cannot hold a conversation. https://docs.slack.dev/reference/scopes */
const needed = ['chat:write', 'im:history', 'app_mentions:read', 'files:read', 'files:write'];

/** Whose the token is, and whether it may do what the hub does with it. Whether events reach the hub Slack tells nobody. */
export async function probe(client: SlackClient, signal: AbortSignal): Promise<ProbeResult> {
  const { account, team, url, scopes } = await client.identity(signal);
  const missing = scopes.length === 0 ? [] : needed.filter((scope) => !scopes.includes(scope));
  return {
    account,
    healthy: missing.length === 0,
    problem:
      missing.length === 0
        ? null
        : `The app lacks the scopes ${missing.join(', ')}: add them under OAuth & Permissions and install it again`,
    facts: { team, url, bot: account.aliases?.[0] ?? null, scopes: scopes.join(' ') || null },
  };
}
