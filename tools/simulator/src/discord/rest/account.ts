import { known } from '../errors';
import { anything, checkForm, invalidForm, list, object, text } from '../form';
import { memberObject } from '../guild';
import { EndpointRefused, useEndpoint } from '../interactions/endpoint';
import type { Fields } from '../message';
import { isSnowflake } from '../snowflake';
import { bot, type Call, type Route } from './call';

const commandName = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

export const accountRoutes: Route[] = [
  bot('GET', 'gateway/bot', 'gateway-bot', ({ world, application }) => ({
    url: world.gateway.url,
    shards: application.shards,
    session_start_limit: world.gateway.registry.startLimit(application),
  })),
  bot('GET', 'users/@me', 'me', ({ application }) => ({
    ...application.user,
    verified: true,
    mfa_enabled: false,
    flags: 0,
  })),
  bot('GET', 'users/@me/guilds', 'guilds', ({ world, application }) =>
    world.guildsOf(application).map(({ id, name }) => ({ id, name, icon: null, owner: false })),
  ),
  bot('GET', 'users/:user', 'user', ({ world, path }) => {
    const user = world.findUser(path.user);
    if (!user) throw known(10013);
    return user;
  }),
  bot('POST', 'users/@me/channels', 'create-dm', ({ world, application, body }) => {
    checkForm(body, object({ recipient_id: anything, recipients: anything }, ['recipient_id']));
    const id = String(body.recipient_id);
    if (!isSnowflake(id))
      throw invalidForm(['recipient_id'], 'NUMBER_TYPE_COERCE', `Value "${id}" is not snowflake.`);
    const user = world.findUser(id);
    if (!user || user.id === application.user.id) throw known(user ? 50007 : 10013);
    return world.directChannel(application, user).object();
  }),
  bot('GET', 'applications/@me', 'application', ({ application }) => application.object()),
  bot('GET', 'oauth2/applications/@me', 'application', ({ application }) => application.object()),
  bot('PATCH', 'applications/@me', 'edit-application', editApplication),
  bot('GET', 'applications/:application/commands', 'commands', ({ application }) => application.commands),
  bot('PUT', 'applications/:application/commands', 'set-commands', setCommands),
  bot('GET', 'guilds/:guild', 'guild', (call) => guildOf(call).object(call.application)),
  bot('GET', 'guilds/:guild/channels', 'guild-channels', (call) =>
    guildOf(call)
      .channels.filter(({ thread }) => !thread)
      .map((channel) => channel.object()),
  ),
  bot('GET', 'guilds/:guild/members/:user', 'member', (call) => {
    const member = guildOf(call).members.get(call.path.user);
    if (!member) throw known(call.world.findUser(call.path.user) ? 10007 : 10013);
    return { ...memberObject(member), user: member.user };
  }),
];

function guildOf({ world, application, path }: Call) {
  const guild = world.guilds.get(path.guild);
  if (!guild) throw known(10004);
  if (!guild.applications.has(application)) throw known(50001);
  return guild;
}

async function editApplication({ world, application, body }: Call): Promise<Fields> {
  checkForm(
    body,
    object({
      interactions_endpoint_url: anything,
      description: text({ max: 400 }),
      flags: anything,
      tags: anything,
    }),
  );
  if (body.interactions_endpoint_url === undefined) return application.object();
  try {
    await useEndpoint(world, application, (body.interactions_endpoint_url as string | null) || null);
  } catch (error) {
    if (!(error instanceof EndpointRefused)) throw error;
    throw invalidForm(
      ['interactions_endpoint_url'],
      'APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID',
      `The specified interactions endpoint url could not be verified. ${error.message}`,
    );
  }
  return application.object();
}

function setCommands({ world, application, path, body }: Call): Fields[] {
  if (path.application !== application.id) throw known(50001);
  // A body that is a list arrives as `{ list }`.
  const commands = body.list;
  checkForm(commands, list(anything, { max: 100 }));
  const given = commands as Fields[];
  given.forEach((command, index) => {
    const isChat = Number(command.type ?? 1) === 1;
    const isNamed =
      typeof command.name === 'string' &&
      (isChat ? commandName.test(command.name) : command.name.length <= 32);
    if (!isNamed)
      throw invalidForm([index, 'name'], 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
    if (isChat && !command.description)
      throw invalidForm([index, 'description'], 'BASE_TYPE_REQUIRED', 'This field is required');
  });
  application.commands = given.map((command) => ({
    type: 1,
    ...command,
    id: world.newId(),
    application_id: application.id,
    version: world.newId(),
  }));
  return application.commands;
}
