import { verifyCallback } from '../callback';
import type { Fields } from '../chat';
import { object, text } from '../checks/fields';
import { badParam, noSuchObject } from '../errors';
import { type Call, numberOf, type Route } from './call';

const ofAccount = (verb: string, name: string, run: (call: Call) => unknown): Route => ({
  verb,
  edge: 'subscribed_apps',
  of: 'account',
  method: () => ({ name, run }),
});

export const settingRoutes: Route[] = [
  { verb: 'GET', edge: '', of: 'number', method: () => ({ name: 'number', run: describe }) },
  { verb: 'POST', edge: '', of: 'number', method: () => ({ name: 'configure', run: configure }) },
  ofAccount('GET', 'subscriptions', subscriptions),
  ofAccount('POST', 'subscribe', subscribe),
  ofAccount('DELETE', 'unsubscribe', unsubscribe),
];

const usualFields = ['verified_name', 'display_phone_number', 'quality_rating', 'code_verification_status'];

/** The number as `fields` asks for it. */
function describe(call: Call): Fields {
  const { world, query } = call;
  const number = numberOf(call);
  const account = world.webhooks.account(number.wabaId);
  const callbacks = {
    ...(number.ownCallback && { phone_number: number.ownCallback }),
    ...(account.callback && { whatsapp_business_account: account.callback }),
    ...(number.appCallback && { application: number.appCallback }),
  };
  const facts: Fields = { ...number.facts, id: number.id, webhook_configuration: callbacks };
  const fields =
    query
      .get('fields')
      ?.split(',')
      .map((field) => field.trim()) ?? usualFields;
  const unknown = fields.find((field) => !(field in facts));
  if (unknown !== undefined) throw badParam(`Tried accessing nonexisting field (${unknown})`);
  return { ...Object.fromEntries(fields.map((field) => [field, facts[field]])), id: number.id };
}

/** Sets the number's own callback, once it has answered the challenge; an empty address takes it away. */
async function configure(call: Call): Promise<Fields> {
  const { world, body } = call;
  const number = numberOf(call);
  const wanted = object(
    object(body, '', ['webhook_configuration']).webhook_configuration,
    'webhook_configuration',
    ['override_callback_uri', 'verify_token'],
  );
  const url = wanted.override_callback_uri;
  if (url !== '') await verifyCallback(world, url, wanted.verify_token);
  number.ownCallback = url === '' ? null : (url as string);
  await world.retarget();
  return { success: true };
}

function subscriptions(call: Call): Fields {
  const { subscribed, callback } = accountOf(call);
  const app = {
    id: '670843887433847',
    name: 'Simulated App',
    link: 'https://www.facebook.com/games/?app_id=67084',
  };
  const override = callback ? { override_callback_uri: callback } : {};
  return { data: subscribed ? [{ whatsapp_business_api_data: app, ...override }] : [] };
}

/** From now on the app hears of the account's numbers, at this callback where one is given. */
async function subscribe(call: Call): Promise<Fields> {
  const { world, body } = call;
  const account = accountOf(call);
  const { override_callback_uri: url, verify_token } = object(body, '', [
    'override_callback_uri',
    'verify_token',
  ]);
  if (url !== undefined) await verifyCallback(world, url, verify_token);
  account.subscribed = true;
  account.callback = url === undefined ? null : text(url, 'override_callback_uri', 2048);
  await world.retarget();
  return { success: true };
}

async function unsubscribe(call: Call): Promise<Fields> {
  Object.assign(accountOf(call), { subscribed: false, callback: null });
  await call.world.retarget();
  return { success: true };
}

function accountOf({ world, id, numbers }: Call) {
  if (!numbers.some(({ wabaId }) => wabaId === id)) throw noSuchObject('post', id);
  return world.webhooks.account(id);
}
