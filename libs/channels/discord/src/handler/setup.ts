import {
  ConfigError,
  SendError,
  UnauthorizedError,
  UnreachableError,
  type ProbeResult,
} from '@omni-hub/channel-sdk';
import { ApplicationFlags } from 'discord-api-types/v10';
import type { DiscordClient } from '../client/discord.client';
import type { Application, BotUser, Call, GatewayInfo } from '../models/api.models';
import type { DiscordConfig } from '../models/config.models';
import { asCount, asObject, asSnowflake, asText } from '../models/inbound.models';

const messageContent = 1 << 15;

/** Tells Discord where interactions go; Discord tries the address before it takes it. What comes by the gateway needs no setting up. */
export async function install(
  client: DiscordClient,
  { mode, applicationId }: DiscordConfig,
  webhookUrl: string | null,
  signal: AbortSignal,
): Promise<void> {
  const application = await readApplication(client, signal);
  if (asSnowflake(application.id) !== null && application.id !== applicationId) {
    throw new ConfigError(
      `The token is of the application ${application.id} and not of ${applicationId}: correct applicationId or the token`,
    );
  }
  if (mode === 'gateway') return;
  if (webhookUrl === null) {
    throw new ConfigError(
      'Discord has to reach the hub with interactions: set OMNI_PUBLIC_URL to its https address, or give the instance the mode "gateway"',
    );
  }
  if (application.interactions_endpoint_url === webhookUrl) return;
  await setUp(client, signal, {
    method: 'PATCH',
    path: '/applications/@me',
    body: { interactions_endpoint_url: webhookUrl },
  });
}

/** Interactions come by the gateway again, or not at all. */
export async function uninstall(
  client: DiscordClient,
  { mode }: DiscordConfig,
  signal: AbortSignal,
): Promise<void> {
  if (mode === 'gateway') return;
  await setUp(client, signal, {
    method: 'PATCH',
    path: '/applications/@me',
    body: { interactions_endpoint_url: null },
  });
}

/** `installedUrl` is what this handler set, null where it did not set any. */
export async function probe(
  client: DiscordClient,
  config: DiscordConfig,
  installedUrl: string | null,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const me = asObject<BotUser>(await setUp(client, signal, { method: 'GET', path: '/users/@me' }));
  const id = asSnowflake(me?.id);
  if (!me || id === null) throw new ConfigError('What answers at apiUrl names no bot: check apiUrl');
  const application = await readApplication(client, signal);
  const gateway = asObject<GatewayInfo>(await setUp(client, signal, { method: 'GET', path: '/gateway/bot' }));
  const limit = asObject<GatewayInfo['session_start_limit']>(gateway?.session_start_limit);
  const problem =
    interactionsProblem(config, application, installedUrl) ?? contentProblem(config, application);
  return {
    account: { id, name: asText(me.global_name) ?? asText(me.username), username: asText(me.username) },
    healthy: problem === null,
    problem,
    facts: {
      mode: config.mode,
      interactionsUrl: asText(application.interactions_endpoint_url),
      servers: asCount(application.approximate_guild_count),
      messageContent: mayReadContent(application),
      shards: asCount(gateway?.shards),
      sessionsLeft: asCount(limit?.remaining),
      sessionsPerDay: asCount(limit?.total),
      sessionsResetInMs: asCount(limit?.reset_after),
    },
  };
}

function interactionsProblem(
  { mode }: DiscordConfig,
  application: Partial<Application>,
  installedUrl: string | null,
): string | null {
  const url = asText(application.interactions_endpoint_url);
  if (mode === 'gateway') {
    return url === null
      ? null
      : `Interactions go to ${url} and not to the gateway: remove the Interactions Endpoint URL in the developer portal, or give the instance the mode "both"`;
  }
  if (url === null)
    return 'No address for interactions is set, so commands and buttons fail: connect the instance';
  return installedUrl === null || url === installedUrl
    ? null
    : `Interactions go to ${url} and not to ${installedUrl}: another program uses this application; connect the instance to take it back`;
}

function contentProblem({ mode, intents }: DiscordConfig, application: Partial<Application>): string | null {
  if (mode === 'interactions' || (intents & messageContent) === 0 || mayReadContent(application) !== false)
    return null;
  return 'The bot may not read messages: switch on Message Content in the developer portal, Bot, Privileged Gateway Intents, or take 32768 out of "intents"';
}

/** Null where Discord does not tell. */
function mayReadContent({ flags }: Partial<Application>): boolean | null {
  const told = asCount(flags);
  if (told === null) return null;
  return (
    (told & (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited)) !== 0
  );
}

async function readApplication(client: DiscordClient, signal: AbortSignal): Promise<Partial<Application>> {
  const answer = await setUp(client, signal, { method: 'GET', path: '/applications/@me' });
  return (asObject<Application>(answer) ?? {}) as Partial<Application>;
}

/** These calls may be repeated at will: whatever is no fault of the settings may be tried again. */
async function setUp(client: DiscordClient, signal: AbortSignal, call: Call): Promise<unknown> {
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
