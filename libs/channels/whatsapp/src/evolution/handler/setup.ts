import { ConfigError, UnauthorizedError, UnreachableError, type Link } from '@omni-hub/channel-sdk';
import type { WhatsAppConfig } from '../../models/config.models';
import type { EvolutionClient } from '../client/evolution.client';
import { integration, type Webhook } from '../models/api.models';
import { asObject, asText } from '../models/inbound.models';
import { secretHeader, secretPath } from './proof';
import { noInstance, notConnected, setUp, stateOf, unless } from './setup-calls';

/**
 * The events that are read. Only names that every version since 2.2 knows: one that it does not know makes Evolution refuse all.
 * `GROUP_UPDATE` is what Evolution calls its own `groups.update` here.
 */
const events: readonly string[] = [
  'QRCODE_UPDATED',
  'CONNECTION_UPDATE',
  'MESSAGES_UPSERT',
  'MESSAGES_EDITED',
  'MESSAGES_UPDATE',
  'MESSAGES_DELETE',
  'SEND_MESSAGE',
  'CONTACTS_UPSERT',
  'CONTACTS_UPDATE',
  'GROUPS_UPSERT',
  'GROUP_UPDATE',
  'GROUP_PARTICIPANTS_UPDATE',
  'LOGOUT_INSTANCE',
  'REMOVE_INSTANCE',
];

/** Makes the instance where there is none, and points its webhook at the hub. */
export async function install(
  client: EvolutionClient,
  config: WhatsAppConfig,
  webhookUrl: string | null,
  signal: AbortSignal,
): Promise<void> {
  if (webhookUrl === null) {
    throw new ConfigError(
      'Evolution has to reach the hub: set OMNI_PUBLIC_URL to an address at which the Evolution server finds it',
    );
  }
  const webhook: Webhook = {
    enabled: true,
    url: `${webhookUrl}/${secretPath(config.webhookSecret)}`,
    headers: { [secretHeader]: config.webhookSecret },
    byEvents: false,
    base64: false,
    events,
  };
  if ((await stateOf(client, signal)) === null) await create(client, config, webhook, signal);
  await setUp(client, signal, { method: 'POST', path: 'webhook/set', body: { webhook } });
}

/** Evolution wants an address and a list of events even for a webhook that is off. */
export async function uninstall(
  client: EvolutionClient,
  config: WhatsAppConfig,
  installedUrl: string | null,
  signal: AbortSignal,
): Promise<void> {
  const webhook: Webhook = {
    enabled: false,
    url: installedUrl ?? config.apiUrl ?? '',
    headers: {},
    byEvents: false,
    base64: false,
    events: [],
  };
  await unless(noInstance, () =>
    setUp(client, signal, { method: 'POST', path: 'webhook/set', body: { webhook } }),
  );
}

/** Null where the number is linked. A QR code lasts for some 20 seconds and takes a moment to be made. */
export async function link(
  client: EvolutionClient,
  config: WhatsAppConfig,
  signal: AbortSignal,
): Promise<Link | null> {
  const answer = asObject(
    await setUp(client, signal, {
      method: 'GET',
      path: 'instance/connect',
      query: config.pairingNumber === undefined ? undefined : { number: config.pairingNumber },
    }),
  );
  if (asObject(answer?.instance)?.state === 'open') return null;
  const qrCode = asObject(answer?.qrcode) ?? answer;
  const found: Link = {
    image: asText(qrCode?.base64),
    text: asText(qrCode?.code),
    code: asText(qrCode?.pairingCode),
  };
  if (found.image ?? found.text ?? found.code) return found;
  throw new UnreachableError(
    'Evolution has no QR code yet: ask again in a few seconds, or restart the instance',
  );
}

/** A number without a connection is not restarted but connected, which keeps its link too. */
export async function restart(client: EvolutionClient, signal: AbortSignal): Promise<void> {
  const done = await unless(notConnected, () =>
    setUp(client, signal, { method: 'POST', path: 'instance/restart', body: {} }),
  );
  if (!done) await setUp(client, signal, { method: 'GET', path: 'instance/connect' });
}

/** What is not linked is logged out already. */
export async function logout(client: EvolutionClient, signal: AbortSignal): Promise<void> {
  await unless(notConnected, () => setUp(client, signal, { method: 'DELETE', path: 'instance/logout' }));
}

/** Deletes the instance with all that Evolution has stored of it. One that is linked has to be logged out before. */
export async function remove(client: EvolutionClient, signal: AbortSignal): Promise<void> {
  const state = await stateOf(client, signal);
  if (state === null) return;
  if (state !== 'close') await logout(client, signal);
  await unless(noInstance, () => setUp(client, signal, { method: 'DELETE', path: 'instance/delete' }));
}

async function create(
  client: EvolutionClient,
  { instanceName }: WhatsAppConfig,
  webhook: Webhook,
  signal: AbortSignal,
): Promise<void> {
  const body = { instanceName, integration, qrcode: false, webhook };
  try {
    await unless(/already in use|already exists/i, () =>
      setUp(client, signal, { method: 'POST', path: 'instance/create', body, anyInstance: true }),
    );
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    throw new UnauthorizedError(
      `The Evolution server has no instance "${instanceName}", or the key is wrong: to make one, apiKey must be the key of the server (AUTHENTICATION_API_KEY)`,
      { platformCode: '401' },
    );
  }
}
