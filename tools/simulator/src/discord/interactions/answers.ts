import {
  InteractionResponseType as Response,
  InteractionType,
  MessageFlags,
  MessageType,
} from 'discord-api-types/v10';
import { modalComponents } from '../checks/components';
import { changedMessage, newFollowUp } from '../checks/message';
import { changeMessage, writeMessage } from '../compose';
import { known } from '../errors';
import { checkForm, choice, integer, list, number, object, text, type Check, anything } from '../form';
import type { Entry, Fields } from '../message';
import type { Upload } from '../../multipart';
import { changesOf, checkChanged, checkContent, contentOf } from '../rest/content';
import type { World } from '../world';
import type { Interaction } from './interaction';

/** Which answers fit which interaction. */
const fitting: Partial<Record<number, readonly Response[]>> = {
  [InteractionType.ApplicationCommand]: [
    Response.ChannelMessageWithSource,
    Response.DeferredChannelMessageWithSource,
    Response.Modal,
    Response.LaunchActivity,
  ],
  [InteractionType.MessageComponent]: [
    Response.ChannelMessageWithSource,
    Response.DeferredChannelMessageWithSource,
    Response.DeferredMessageUpdate,
    Response.UpdateMessage,
    Response.Modal,
    Response.LaunchActivity,
  ],
  [InteractionType.ApplicationCommandAutocomplete]: [Response.ApplicationCommandAutocompleteResult],
  [InteractionType.ModalSubmit]: [
    Response.ChannelMessageWithSource,
    Response.DeferredChannelMessageWithSource,
    Response.DeferredMessageUpdate,
    Response.UpdateMessage,
  ],
};

const choiceValue: Check = (value, place) =>
  (typeof value === 'number' ? number : text({ max: 100 }))(value, place);
const choices = object({
  choices: list(
    object({ name: text({ min: 1, max: 100 }), value: choiceValue, name_localizations: anything }, [
      'name',
      'value',
    ]),
    { max: 25 },
  ),
});
const modal = object(
  { custom_id: text({ min: 1, max: 100 }), title: text({ min: 1, max: 45 }), components: modalComponents },
  ['custom_id', 'title', 'components'],
);
const deferred = object({ flags: choice(0, MessageFlags.Ephemeral) });

/** Takes the first answer to an interaction, by whichever way it came. Throws DiscordError. */
export function acceptAnswer(
  world: World,
  interaction: Interaction,
  body: Fields,
  files: ReadonlyMap<string, Upload>,
): void {
  if (interaction.state === 'answered') throw known(40060);
  if (interaction.state === 'failed' || interaction.isTooLate(world.clock.now())) {
    interaction.fail('The application did not respond within 3 seconds.');
    throw known(10062);
  }
  const allowed = fitting[interaction.type] ?? [];
  checkForm(body, object({ type: choice(...allowed), data: anything }, ['type']));
  const type = integerOf(body.type);
  const data = (body.data ?? {}) as Fields;
  carryOut(world, interaction, type, data, files);
  interaction.settle({ type, data });
}

function carryOut(
  world: World,
  interaction: Interaction,
  type: number,
  data: Fields,
  files: ReadonlyMap<string, Upload>,
): void {
  const { source } = interaction;
  switch (type) {
    case Response.ChannelMessageWithSource:
      interaction.original = followUp(world, interaction, data, files, typeOf(interaction));
      return;
    case Response.DeferredChannelMessageWithSource:
      checkForm(data, deferred);
      interaction.isDeferred = true;
      interaction.original = thinking(world, interaction, Number(data.flags ?? 0));
      return;
    case Response.DeferredMessageUpdate:
      interaction.original = source;
      return;
    case Response.UpdateMessage:
      interaction.original = source;
      if (source) changeFollowUp(world, interaction, source, data, files);
      return;
    case Response.ApplicationCommandAutocompleteResult:
      return checkForm(data, choices);
    case Response.Modal:
      checkForm(data, modal);
      world.modals.set(interaction.user.id, { interaction, data });
  }
}

/** Writes a message that follows an interaction. What was deferred is shown by the first one. */
export function followUp(
  world: World,
  interaction: Interaction,
  body: Fields,
  files: ReadonlyMap<string, Upload>,
  type: MessageType = MessageType.Reply,
): Entry {
  checkForm(body, newFollowUp);
  const { channel, application, original } = interaction;
  if (interaction.isDeferred && original) return changeFollowUp(world, interaction, original, body, files);
  const content = contentOf(world, channel, body, files);
  checkContent(content);
  const reference = original && {
    reference: { type: 0 as const, message_id: original.message.id, channel_id: channel.id },
  };
  const parts = {
    ...content,
    ...(type === MessageType.Reply && reference),
    type: type === MessageType.Reply && !original ? MessageType.Default : type,
    more: metadata(interaction),
    ...((content.flags & MessageFlags.Ephemeral) !== 0 && { ephemeralFor: interaction.user.id }),
  };
  return writeMessage(world, channel, application.user, parts, true);
}

/** Changes a message by an interaction's token. */
export function changeFollowUp(
  world: World,
  interaction: Interaction,
  entry: Entry,
  body: Fields,
  files: ReadonlyMap<string, Upload>,
): Entry {
  const { tts: _tts, username: _username, ...rest } = body;
  checkForm(rest, changedMessage(entry.message.flags));
  const wasLoading = (entry.message.flags & MessageFlags.Loading) !== 0;
  const changes = changesOf(world, interaction.channel, entry.message, rest, files);
  checkChanged({ ...entry.message, ...changes });
  interaction.isDeferred = false;
  // What replaces "is thinking" counts as written now, not as edited.
  changeMessage(world, interaction.channel, entry, { ...changes, ...(wasLoading && { editedAt: null }) });
  if (wasLoading) entry.versions.pop();
  return entry;
}

function thinking(world: World, interaction: Interaction, flags: number): Entry {
  const parts = {
    type: typeOf(interaction),
    flags: flags | MessageFlags.Loading,
    more: metadata(interaction),
    ...((flags & MessageFlags.Ephemeral) !== 0 && { ephemeralFor: interaction.user.id }),
  };
  return writeMessage(world, interaction.channel, interaction.application.user, parts, true);
}

function typeOf({ type, object: { data } }: Interaction): MessageType {
  if (type !== InteractionType.ApplicationCommand) return MessageType.Reply;
  const isChatInput = ((data as Fields | undefined)?.type ?? 1) === 1;
  return isChatInput ? MessageType.ChatInputCommand : MessageType.ContextMenuCommand;
}

function metadata({ id, type, user, application }: Interaction): Fields {
  return {
    application_id: application.id,
    webhook_id: application.id,
    interaction_metadata: { id, type, user, authorizing_integration_owners: {} },
  };
}

function integerOf(value: unknown): number {
  checkForm(value, integer());
  return Number(value);
}
