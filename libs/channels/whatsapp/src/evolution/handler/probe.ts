import { ConfigError, type Account, type ProbeResult } from '@omni-hub/channel-sdk';
import type { ContactId } from '@omni-hub/contracts';
import { fileId } from '../../handler/ids';
import type { WhatsAppConfig } from '../../models/config.models';
import type { EvolutionClient } from '../client/evolution.client';
import { integration } from '../models/api.models';
import { asObject, asObjects, asText, type Unchecked } from '../models/inbound.models';
import { parseJid, toJid } from './jids';
import { setUp, stateOf } from './setup-calls';

/** Evolution's licence asks for it (LICENSE, 1.b): whoever runs the hub must be told. */
export const licenceNotice = 'This hub uses Evolution API, https://evolution-api.com';

const scan = 'fetch the QR code (GET …/instances/<name>/qr) and scan it on the phone, under Linked devices';

/** The state of the instance, and who it is. `known` is what the probe before found. */
export async function probe(
  client: EvolutionClient,
  config: WhatsAppConfig,
  known: Account | null,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const state = await stateOf(client, signal);
  if (state === null) {
    throw new ConfigError(
      `The Evolution server has no instance "${config.instanceName}": connect the instance to make it, or check instanceName`,
    );
  }
  const about = await describe(client, config.instanceName, signal);
  const account = await readAccount(client, about, known ?? nameless(config.instanceName), signal);
  return {
    account,
    healthy: state === 'open',
    problem: problemOf(state),
    facts: { state, integration: asText(about.integration) ?? integration, licenceNotice },
  };
}

/** What Evolution knows of the instance: `ownerJid`, `profileName`. A version that does not tell is asked for nothing more. */
async function describe(
  client: EvolutionClient,
  instanceName: string,
  signal: AbortSignal,
): Promise<Unchecked> {
  const answer = await setUp(client, signal, {
    method: 'GET',
    path: 'instance/fetchInstances',
    query: { instanceName },
    anyInstance: true,
  });
  const listed = Array.isArray(answer)
    ? asObjects(answer)
    : [asObject(answer)].filter((item) => item !== null);
  return listed.find(({ name }) => name === instanceName) ?? listed[0] ?? {};
}

async function readAccount(
  client: EvolutionClient,
  about: Unchecked,
  known: Account,
  signal: AbortSignal,
): Promise<Account> {
  const owner = parseJid(about.ownerJid);
  if (!owner) return known;
  const name = asText(about.profileName) ?? known.name;
  const lid = await hiddenId(client, toJid(owner), signal);
  const id = withoutPrefix(fileId(owner));
  const aliases = lid ? [lid] : id === known.id ? (known.aliases ?? []) : [];
  return { id, name, username: null, ...(aliases.length > 0 && { aliases }) };
}

/** In groups people mention the account by its hidden id, which only a look-up of its own number tells. Null where it does not. */
async function hiddenId(client: EvolutionClient, jid: string, signal: AbortSignal): Promise<string | null> {
  const numbers = [jid.slice(0, jid.indexOf('@'))];
  try {
    const answer = await client.call(
      { method: 'POST', path: 'chat/whatsappNumbers', body: { numbers } },
      signal,
    );
    const [found] = asObjects(answer);
    const lid = parseJid(found?.lid);
    return lid?.kind === 'lid' ? withoutPrefix(fileId(lid)) : null;
  } catch {
    return null;
  }
}

function nameless(instanceName: string): Account {
  return { id: instanceName, name: null, username: null };
}

function withoutPrefix(id: ContactId): string {
  return id.slice(id.indexOf(':') + 1);
}

function problemOf(state: string): string | null {
  if (state === 'open') return null;
  return state === 'connecting'
    ? `The number is not linked yet, or just connecting: ${scan}`
    : `The number is not connected: restart the instance; if that does not help, ${scan}`;
}
