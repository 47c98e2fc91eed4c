import { schemas } from '../checks/schemas';
import { badRequest, forbidden, unauthorized } from '../errors';
import type { SimulatedInstance } from '../instance';
import type { Methods, ServerCall } from '.';
import { readWebhook, webhookRow } from './settings';

const integrations = ['WHATSAPP-BAILEYS', 'WHATSAPP-BUSINESS', 'EVOLUTION'];

/** The life of instances. */
export const instanceMethods: Methods = {
  'POST instance/create': { of: 'server', status: 201, schema: schemas.createInstance, run: createInstance },

  'GET instance/fetchInstances': {
    of: 'server',
    run: ({ world, owner, query }) => {
      const name = query.get('instanceName');
      const visible = owner ? [owner] : [...world.instances.values()];
      return visible.filter((instance) => name === null || instance.name === name).map(row);
    },
  },

  'GET instance/connect': {
    of: 'instance',
    run: ({ instance, query }) => {
      if (instance.state === 'open') return stateOf(instance);
      const number = query.get('number');
      if (number !== null && !/^\d+$/.test(number)) {
        return { error: true, message: 'Error: Invalid phone number' };
      }
      instance.connects(number);
      return shownQr(instance);
    },
  },

  'GET instance/connectionState': {
    of: 'instance',
    answersForNone: true,
    run: ({ instance }) => stateOf(instance),
  },

  'POST instance/restart': {
    of: 'instance',
    run: ({ instance }) => {
      if (instance.state === 'close') {
        return { error: true, message: `Error: The "${instance.name}" instance is not connected` };
      }
      if (instance.state === 'open') instance.reconnects();
      return stateOf(instance);
    },
  },

  'DELETE instance/logout': {
    of: 'instance',
    run: ({ instance }) => {
      if (instance.state === 'close') throw notConnected(instance);
      instance.loggedOut();
      return done('Instance logged out');
    },
  },

  'DELETE instance/delete': {
    of: 'instance',
    run: ({ world, instance }) => {
      if (instance.state !== 'close') instance.loggedOut();
      world.events.emit(instance, 'instance.delete', {
        instanceName: instance.name,
        instanceId: instance.id,
      });
      world.events.emit(instance, 'remove.instance', null);
      instance.ends();
      world.instances.delete(instance.name);
      return done('Instance deleted');
    },
  },

  'POST instance/setPresence': {
    of: 'instance',
    status: 201,
    schema: schemas.setPresence,
    run: ({ instance, body }) => {
      if (instance.state !== 'open') throw badRequest('Error: Connection Closed');
      instance.presence = String(body.presence);
      return { presence: instance.presence };
    },
  },
};

function createInstance({ world, owner, body }: ServerCall) {
  if (owner) throw unauthorized();
  const name = String(body.instanceName);
  if (world.instances.has(name)) throw forbidden(`This name "${name}" is already in use.`);
  if (!integrations.includes(String(body.integration))) throw badRequest('Invalid integration');
  const number = typeof body.number === 'string' ? body.number : undefined;
  const token = typeof body.token === 'string' && body.token !== '' ? body.token : undefined;
  const webhook = body.webhook === undefined ? null : readWebhookAtCreation(body.webhook as object);
  const instance = world.addInstance(name, number, undefined, token);
  instance.webhook = webhook;
  world.events.emit(instance, 'instance.create', { instanceName: name, instanceId: instance.id });
  if (body.qrcode === true) instance.connects(number ?? null);
  return {
    instance: {
      instanceName: name,
      instanceId: instance.id,
      integration: body.integration,
      webhookWaBusiness: null,
      accessTokenWaBusiness: '',
      status: instance.state,
    },
    hash: instance.token,
    webhook: webhook
      ? {
          webhookUrl: webhook.url,
          webhookHeaders: webhook.headers,
          webhookByEvents: webhook.byEvents,
          webhookBase64: webhook.base64,
        }
      : {},
    websocket: {},
    rabbitmq: {},
    sqs: {},
    settings: { ...noSettings },
    ...(body.qrcode === true && { qrcode: shownQr(instance) }),
  };
}

/** Creation tells a crash of the same handler as a bad request. */
function readWebhookAtCreation(given: object) {
  try {
    return readWebhook({ enabled: true, ...given });
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

const noSettings = {
  rejectCall: false,
  msgCall: '',
  groupsIgnore: false,
  alwaysOnline: false,
  readMessages: false,
  readStatus: false,
  syncFullHistory: false,
  wavoipToken: '',
};

const notConnected = ({ name }: SimulatedInstance) => badRequest(`The "${name}" instance is not connected`);

const done = (message: string) => ({ status: 'SUCCESS', error: false, response: { message } });

const stateOf = ({ name, state }: SimulatedInstance) => ({ instance: { instanceName: name, state } });

/** An instance that has a session connects without a code: then nothing but the count is there. */
const shownQr = ({ qr }: SimulatedInstance) => (qr ? { ...qr } : { count: 0 });

function row(instance: SimulatedInstance) {
  const linked = instance.linked;
  return {
    id: instance.id,
    name: instance.name,
    connectionStatus: instance.state,
    ownerJid: linked ? instance.jid : null,
    profileName: linked ? instance.name : null,
    profilePicUrl: null,
    integration: instance.integration,
    number: instance.number,
    businessId: null,
    token: instance.token,
    clientName: 'evolution_exchange',
    disconnectionReasonCode: null,
    disconnectionObject: null,
    disconnectionAt: null,
    createdAt: new Date(0).toISOString(),
    updatedAt: new Date().toISOString(),
    Webhook: instance.webhook ? webhookRow(instance) : null,
    Setting: { ...noSettings, ...instance.settings, instanceId: instance.id },
    _count: {
      Message: instance.messages.size,
      Contact: instance.directChats.size,
      Chat: instance.chats.length,
    },
  };
}
