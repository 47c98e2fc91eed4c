import type { SimulatedApplication } from '../application';
import type { SimulatedChannel } from '../channel';
import { DiscordError } from '../errors';
import { memberObject } from '../guild';
import type { Entry, Fields } from '../message';
import { parseMultipart } from '../../multipart';
import { bits, usual } from '../permissions';
import { messageObject } from '../render';
import type { UserObject } from '../user';
import type { World } from '../world';
import { acceptAnswer } from './answers';
import { type EndpointReply, postSigned } from './endpoint';
import { Interaction } from './interaction';

export interface NewInteraction {
  application: SimulatedApplication;
  /** 2 a command, 3 a component, 4 autocomplete, 5 a modal. */
  type: number;
  data: Fields;
  channel: SimulatedChannel;
  user: UserObject;
  /** The message with the component. */
  source?: Entry | null;
}

/** Lets an interaction happen, and tells the application of it: at its url where it has one, otherwise by the gateway. */
export function startInteraction(
  world: World,
  { data, source = null, ...parts }: NewInteraction,
): Interaction {
  const id = world.newId();
  const secret = Buffer.from(`interaction:${id}:${world.random()}${world.random()}`).toString('base64url');
  const interaction = new Interaction({ ...parts, id, token: secret, source, at: world.clock.now() });
  interaction.object = describe(world, interaction, data);
  deliver(world, interaction);
  return interaction;
}

/** Delivers an interaction as it was recorded: its id and token are good from now on. */
export function repeatInteraction(
  world: World,
  object: Fields,
  parts: Omit<NewInteraction, 'data'>,
): Interaction {
  const { id, token } = object as { id: string; token: string };
  const interaction =
    world.interactions.get(token) ??
    new Interaction({ ...parts, id, token, source: parts.source ?? null, at: world.clock.now() });
  interaction.object = object;
  deliver(world, interaction);
  return interaction;
}

function deliver(world: World, interaction: Interaction): void {
  world.keepInteraction(interaction);
  const { application, channel, object } = interaction;
  const url = application.interactionsUrl;
  if (url === null)
    return world.events.direct(application, 'INTERACTION_CREATE', object, channel.guild?.id ?? null);
  const body = Buffer.from(JSON.stringify(object));
  world.inbound.pass(() => {
    world.posting++;
    void post(world, interaction, url, body).finally(() => world.posted());
  });
}

async function post(world: World, interaction: Interaction, url: string, body: Buffer): Promise<void> {
  const at = Date.now();
  const record = (status: number | null, error: string | null) =>
    world.deliveries.add({
      via: 'http',
      at,
      application: interaction.application.id,
      interaction: interaction.id,
      status,
      error,
      ms: Date.now() - at,
    });
  try {
    const reply = await postSigned(interaction.application, url, body);
    record(reply.status, null);
    if (reply.status === 202 && reply.body.length === 0) return;
    if (reply.status !== 200) return interaction.fail(`The endpoint answered ${reply.status}.`);
    const { answer, files } = readReply(reply);
    acceptAnswer(world, interaction, answer, files);
  } catch (error) {
    if (!(error instanceof DiscordError)) record(null, (error as Error).message);
    const tree = error instanceof DiscordError && error.errors ? ` ${JSON.stringify(error.errors)}` : '';
    interaction.fail((error as Error).message + tree);
  }
}

function readReply({ contentType, body }: EndpointReply) {
  const form = contentType.startsWith('multipart/form-data') ? parseMultipart(contentType, body) : null;
  const text = form ? form.fields.payload_json : body.toString();
  try {
    return { answer: JSON.parse(text) as Fields, files: form?.files ?? new Map() };
  } catch {
    throw new DiscordError(200, 50109, 'The answer is no JSON.');
  }
}

function describe(world: World, interaction: Interaction, data: Fields): Fields {
  const { id, token, application, type, channel, user, source } = interaction;
  const { guild } = channel;
  const member = guild?.members.get(user.id);
  return {
    id,
    application_id: application.id,
    type,
    data,
    ...(guild && {
      guild_id: guild.id,
      guild: { id: guild.id, features: [], locale: 'en-US' },
      guild_locale: 'en-US',
    }),
    channel: { ...channel.object(), permissions: bits(usual) },
    channel_id: channel.id,
    ...(member ? { member: { ...memberObject(member), user, permissions: bits(usual) } } : { user }),
    token,
    version: 1,
    ...(source && { message: messageObject(world, channel, source) }),
    app_permissions: bits(usual),
    locale: 'en-US',
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: { 0: guild?.id ?? '0' },
    context: guild ? 0 : 1,
    attachment_size_limit: 10_485_760,
  };
}
