import { randomUUID } from 'node:crypto';
import { isLink } from '../checks/media';
import { eventNames, schemas } from '../checks/schemas';
import { badRequest, crashed } from '../errors';
import type { SimulatedInstance, WebhookSettings } from '../instance';
import type { Methods } from '.';

interface GivenWebhook {
  enabled: boolean;
  url: string;
  headers?: Record<string, string>;
  events?: string[];
  byEvents?: boolean;
  base64?: boolean;
}

/** What an instance is told to do by itself. */
export const settingsMethods: Methods = {
  'POST webhook/set': {
    of: 'instance',
    status: 201,
    schema: schemas.setWebhook,
    run: ({ instance, body }) => {
      instance.webhook = readWebhook(body.webhook as GivenWebhook);
      return webhookRow(instance);
    },
  },
  'GET webhook/find': {
    of: 'instance',
    run: ({ instance }) => (instance.webhook ? webhookRow(instance) : null),
  },

  'POST settings/set': {
    of: 'instance',
    status: 201,
    schema: schemas.setSettings,
    run: ({ instance, body }) => {
      instance.settings = body;
      return { settings: { instanceName: instance.name, settings: body } };
    },
  },
  'GET settings/find': { of: 'instance', run: ({ instance }) => instance.settings },
};

/** An empty list is every event; none at all crashes the handler, as it does the real one. */
export function readWebhook(given: object): WebhookSettings {
  const { enabled, url, headers, events, byEvents, base64 } = given as GivenWebhook;
  if (!isAddress(url)) throw badRequest('Invalid "url" property');
  if (enabled && events === undefined)
    throw crashed("Cannot read properties of undefined (reading 'length')");
  return {
    id: randomUUID(),
    enabled,
    url,
    headers: headers ?? {},
    events: !enabled ? [] : events?.length ? events : eventNames,
    byEvents: byEvents === true,
    base64: base64 === true,
  };
}

/** Here, unlike in media, a host needs no dot. */
function isAddress(url: string): boolean {
  return isLink(url) || /^https?:\/\/[a-z0-9_-]+(:\d+)?(\/|\?|$)/i.test(url);
}

export function webhookRow({ id: instanceId, webhook }: SimulatedInstance) {
  if (!webhook) return null;
  const { id, url, headers, enabled, events, byEvents, base64 } = webhook;
  const now = new Date().toISOString();
  const flags = { webhookByEvents: byEvents, webhookBase64: base64 };
  return { id, url, headers, enabled, events, ...flags, createdAt: now, updatedAt: now, instanceId };
}
