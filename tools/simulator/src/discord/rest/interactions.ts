import { deleteMessage } from '../compose';
import { known } from '../errors';
import { acceptAnswer, changeFollowUp, followUp } from '../interactions/answers';
import type { Interaction } from '../interactions/interaction';
import type { Entry } from '../message';
import { messageObject } from '../render';
import type { Call, Route } from './call';

const byToken = (
  verb: string,
  path: string,
  name: string,
  run: (call: Call, interaction: Interaction) => unknown,
): Route => ({
  verb,
  path,
  name,
  by: 'interaction',
  run: (call) => run(call, openInteraction(call)),
});

const webhook = 'webhooks/:webhook/:token';

export const interactionRoutes: Route[] = [
  {
    verb: 'POST',
    path: 'interactions/:interaction/:token/callback',
    name: 'callback',
    by: 'interaction',
    run: callback,
  },
  byToken('POST', webhook, 'follow-up', ({ world, body, files }, interaction) => {
    const entry = followUp(world, interaction, body, files);
    return messageObject(world, interaction.channel, entry);
  }),
  byToken('GET', `${webhook}/messages/:message`, 'get-follow-up', (call, interaction) => {
    const entry = entryOf(call, interaction);
    return messageObject(call.world, interaction.channel, entry);
  }),
  byToken('PATCH', `${webhook}/messages/:message`, 'edit-follow-up', (call, interaction) => {
    const { world, body, files } = call;
    const entry = changeFollowUp(world, interaction, entryOf(call, interaction), body, files);
    return messageObject(world, interaction.channel, entry);
  }),
  byToken('DELETE', `${webhook}/messages/:message`, 'delete-follow-up', (call, interaction) =>
    deleteMessage(call.world, interaction.channel, entryOf(call, interaction)),
  ),
];

function callback({ world, path, query, body, files }: Call): unknown {
  const interaction = world.interactions.get(path.token);
  if (!interaction || interaction.id !== path.interaction) throw known(10062);
  acceptAnswer(world, interaction, body, files);
  if (query.get('with_response') !== 'true') return undefined;
  const { id, type, original, channel } = interaction;
  const message = original && { message: messageObject(world, channel, original) };
  return {
    interaction: {
      id,
      type,
      response_message_id: original?.message.id,
      response_message_loading: interaction.isDeferred,
    },
    resource: { type: body.type, ...message },
  };
}

function openInteraction({ world, path }: Call): Interaction {
  const interaction = world.interactions.get(path.token);
  if (!interaction || interaction.isExpired(world.clock.now())) throw known(50027);
  if (interaction.application.id !== path.webhook || interaction.state !== 'answered') throw known(10015);
  return interaction;
}

/** `@original`, or a message that followed. */
function entryOf({ path }: Call, { original, channel, application }: Interaction): Entry {
  const entry = path.message === '@original' ? original : channel.find(path.message);
  const isTheirs = entry?.message.author.id === application.user.id;
  if (!entry || entry.deleted || !isTheirs) throw known(10008);
  return entry;
}
