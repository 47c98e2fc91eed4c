import { ConfigError, type ProbeResult } from '@omni-hub/channel-sdk';
import type { WhatsAppConfig } from '../../models/config.models';
import { graphUrl, type CloudClient } from '../client/cloud.client';
import { asObject, asText, type Unchecked } from '../models/inbound.models';

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number */
const fields = [
  'id',
  'display_phone_number',
  'verified_name',
  'quality_rating',
  'throughput',
  'status',
  'name_status',
  'platform_type',
  'webhook_configuration',
];

/** Numbers in these states neither send nor hear anything. */
const dead = ['BANNED', 'DELETED', 'DISCONNECTED', 'MIGRATED', 'UNVERIFIED'];

/** Points Meta at the hub for this number alone; other numbers of the same app keep their webhook. */
export async function install(
  client: CloudClient,
  config: WhatsAppConfig,
  webhookUrl: string | null,
  signal: AbortSignal,
): Promise<void> {
  const url = checkUrl(webhookUrl, config.apiUrl ?? graphUrl);
  if (config.businessAccountId !== undefined) await client.subscribe(config.businessAccountId, signal);
  await client.setWebhook(url, config.verifyToken, signal);
}

/** Meta sends to the app's own webhook again, where it has one. The app stays subscribed: other numbers may need it. */
export async function uninstall(
  client: CloudClient,
  config: WhatsAppConfig,
  signal: AbortSignal,
): Promise<void> {
  await client.setWebhook('', config.verifyToken, signal);
}

/** `installedUrl` is what this handler set, null where it did not set any. */
export async function probe(
  client: CloudClient,
  { phoneNumberId }: WhatsAppConfig,
  installedUrl: string | null,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const number = await client.describe(fields, signal);
  const display = asText(number.display_phone_number);
  const digits = display?.replace(/\D/g, '') ?? '';
  const webhook = asObject(number.webhook_configuration);
  const problem = problemOf(number, webhook, installedUrl);
  return {
    account: {
      id: phoneNumberId,
      name: asText(number.verified_name),
      username: display,
      ...(digits !== '' && { aliases: [digits] }),
    },
    healthy: problem === null,
    problem,
    facts: {
      status: asText(number.status),
      qualityRating: asText(number.quality_rating),
      throughput: asText(asObject(number.throughput)?.level),
      nameStatus: asText(number.name_status),
      platform: asText(number.platform_type),
      webhookUrl: usedWebhook(webhook),
    },
  };
}

function problemOf(number: Unchecked, webhook: Unchecked | null, installedUrl: string | null): string | null {
  const status = asText(number.status);
  if (status !== null && dead.includes(status)) {
    return `The number is ${status}: see WhatsApp Manager, and register or verify it there`;
  }
  if (!webhook) return null;
  const url = usedWebhook(webhook);
  if (url === null) return 'No webhook is set, so Meta tells nobody what people write: connect the instance';
  if (installedUrl !== null && url !== installedUrl) {
    return `The webhook is ${url} and not ${installedUrl}: another program uses this number; connect the instance to take it back`;
  }
  return null;
}

/** The narrowest that is set counts. */
function usedWebhook(webhook: Unchecked | null): string | null {
  return (
    asText(webhook?.phone_number) ??
    asText(webhook?.whatsapp_business_account) ??
    asText(webhook?.application)
  );
}

/** What only Meta itself demands, told before it refuses it: …/whatsapp/webhooks/create-webhook-endpoint. */
function checkUrl(webhookUrl: string | null, apiUrl: string): string {
  if (webhookUrl === null) {
    throw new ConfigError('Meta has to reach the hub: set OMNI_PUBLIC_URL to its https address');
  }
  if (new URL(apiUrl).hostname === new URL(graphUrl).hostname && new URL(webhookUrl).protocol !== 'https:') {
    throw new ConfigError(
      'Meta calls https addresses only, and OMNI_PUBLIC_URL is http: put TLS before the hub',
    );
  }
  return webhookUrl;
}
