import {
  ConfigError,
  SendError,
  UnauthorizedError,
  UnreachableError,
  type ProbeResult,
} from '@omni-hub/channel-sdk';
import type { TelegramClient } from '../client/telegram.client';
import type { CallOf, Method, Result } from '../models/api.models';
import type { TelegramConfig } from '../models/config.models';
import type { UpdateKind } from '../models/inbound.models';

/** Every kind of update that is read. Telegram sends no other; reactions and members it sends only when they are listed. */
export const readKinds: readonly UpdateKind[] = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'message_reaction',
  'callback_query',
  'my_chat_member',
  'chat_member',
];

const onlyWhenListed: readonly UpdateKind[] = ['message_reaction', 'chat_member'];

/** An error of the last so many minutes is one that lasts: Telegram tries again at least every two. */
const recentMs = 5 * 60_000;

const publicPorts = ['', '443', '80', '88', '8443'];

/** Points Telegram at the hub, or away from any webhook where the hub asks for updates itself. */
export async function install(
  client: TelegramClient,
  config: TelegramConfig,
  webhookUrl: string | null,
  signal: AbortSignal,
): Promise<void> {
  if (config.mode === 'polling') return uninstall(client, signal);
  const url = checkUrl(webhookUrl, config.apiUrl);
  await setUp(client, signal, {
    method: 'setWebhook',
    params: { url, secret_token: config.webhookSecret, allowed_updates: [...readKinds] },
  });
}

/** Updates that wait are kept: they come by the other way, or when the instance is connected again. */
export async function uninstall(client: TelegramClient, signal: AbortSignal): Promise<void> {
  await setUp(client, signal, { method: 'deleteWebhook', params: { drop_pending_updates: false } });
}

/** `installedUrl` is what this handler set, null where it did not set any. */
export async function probe(
  client: TelegramClient,
  { mode }: TelegramConfig,
  installedUrl: string | null,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const me = await setUp(client, signal, { method: 'getMe', params: {} });
  const info = await setUp(client, signal, { method: 'getWebhookInfo', params: {} });
  const problem = mode === 'polling' ? pollingProblem(info) : webhookProblem(info, installedUrl);
  return {
    account: { id: String(me.id), name: me.first_name, username: me.username ?? null },
    healthy: problem === null,
    problem,
    facts: {
      mode,
      webhookUrl: info.url || null,
      pendingUpdates: info.pending_update_count,
      lastError: info.last_error_message ?? null,
      lastErrorAt:
        info.last_error_date === undefined ? null : new Date(info.last_error_date * 1000).toISOString(),
      readsAllGroupMessages: me.can_read_all_group_messages,
    },
  };
}

type WebhookInfo = Result<'getWebhookInfo'>;

function pollingProblem({ url }: WebhookInfo): string | null {
  return url ? `The mode is polling, but a webhook is set (${url}): connect the instance to remove it` : null;
}

function webhookProblem(info: WebhookInfo, installedUrl: string | null): string | null {
  const {
    url,
    pending_update_count: pending,
    last_error_message: error,
    last_error_date: at,
    allowed_updates: allowed,
  } = info;
  if (!url)
    return 'No webhook is set, so Telegram keeps what people write (24 hours at most): connect the instance';
  if (installedUrl !== null && url !== installedUrl) {
    return `The webhook is ${url} and not ${installedUrl}: another program uses this bot; connect the instance to take it back`;
  }
  if (error && at !== undefined && pending > 0 && Date.now() - at * 1000 < recentMs) {
    return `Telegram cannot deliver (${error}) and holds ${pending} updates: make ${url} reachable from the internet`;
  }
  const sent: readonly string[] = allowed ?? readKinds.filter((kind) => !onlyWhenListed.includes(kind));
  const missing = readKinds.filter((kind) => !sent.includes(kind));
  if (missing.length === 0) return null;
  return `Telegram does not send ${missing.join(', ')}: connect the instance, and update a Bot API server of your own`;
}

/** What only Telegram's own servers demand, told before they refuse it: https://core.telegram.org/bots/webhooks. */
function checkUrl(webhookUrl: string | null, apiUrl: string): string {
  if (webhookUrl === null) {
    throw new ConfigError(
      'Telegram has to reach the hub: set OMNI_PUBLIC_URL to its https address, or give the instance the mode "polling"',
    );
  }
  const { protocol, port } = new URL(webhookUrl);
  if (new URL(apiUrl).hostname !== 'api.telegram.org') return webhookUrl;
  if (protocol !== 'https:') {
    throw new ConfigError(
      `Telegram calls https addresses only, and OMNI_PUBLIC_URL is ${protocol}// : put TLS before the hub, or use the mode "polling"`,
    );
  }
  if (!publicPorts.includes(port)) {
    throw new ConfigError(
      `Telegram calls the ports 443, 80, 88 and 8443 only, and OMNI_PUBLIC_URL has ${port}: change the port, or use the mode "polling"`,
    );
  }
  return webhookUrl;
}

/** These calls may be repeated at will: whatever is no fault of the settings may be tried again. */
async function setUp<M extends Method>(
  client: TelegramClient,
  signal: AbortSignal,
  call: CallOf<M>,
): Promise<Result<M>> {
  try {
    return await client.call(call, signal);
  } catch (error) {
    if (!(error instanceof SendError) || error instanceof UnauthorizedError || error instanceof ConfigError)
      throw error;
    const details = { platformCode: error.platformCode ?? undefined };
    if (error.retryable) throw new UnreachableError(error.message, details);
    throw new ConfigError(error.message, details);
  }
}
