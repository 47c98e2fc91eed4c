import { PayloadError, type Received, type WebhookReply } from '@omni-hub/channel-sdk';
import type { ChatRef, ContactRef } from '@omni-hub/contracts';
import {
  ApplicationCommandType,
  InteractionResponseType,
  InteractionType,
  type APIInteraction,
} from 'discord-api-types/v10';
import {
  asList,
  asObject,
  asSnowflake,
  asText,
  snowflakeTime,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { encodeAckRef, type AckRef } from './ack-ref';
import { messageId } from './ids';
import { readChannel, readPlace, readUser } from './inbound-people';
import { commandLabel, commandPath, componentLabel, formLabel, type CommandData } from './interaction-labels';

export type Interaction = Unchecked<
  APIInteraction & { message: unknown; data: unknown; user: unknown; member: unknown }
>;

/** The selects by which a list is sent have ids that begin so: what is chosen in one is the action itself. */
export const listPrefix = 'omni-hub:list:';

type Choice = {
  actionId: string;
  label: string | null;
  messageId: string | null;
  deferred: AckRef['deferred'];
};

/**
 * A command, a button, a select or a form that somebody used. `acknowledged` tells that the way in answers Discord by itself.
 * https://docs.discord.com/developers/interactions/receiving-and-responding
 */
export function readInteraction(
  interaction: Interaction,
  { eventId, rawKind }: Context,
  acknowledged: boolean,
): Reading {
  if (interaction.type === InteractionType.ApplicationCommandAutocomplete)
    return 'Somebody is typing an option that the command completes by itself; the hub knows no completions, so none are offered';
  const id = asSnowflake(interaction.id);
  const token = asText(interaction.token);
  const applicationId = asSnowflake(interaction.application_id);
  const chat = readInteractionPlace(interaction);
  const sender = readInvoker(interaction);
  if (id === null || token === null || applicationId === null)
    return 'The interaction has no id or no token, so it cannot be answered. Discord always sends both';
  if (!chat || !sender) return 'The interaction names no channel or no user, so there is nobody to answer';
  const choice = readChoice(interaction);
  if (typeof choice === 'string') return choice;
  const message = choice.messageId ?? asSnowflake(asObject<{ id: string }>(interaction.message)?.id);
  const channel =
    asSnowflake(interaction.channel_id) ?? asSnowflake(asObject<{ id: string }>(interaction.channel)?.id);
  const { deferred } = choice;
  return {
    type: 'action',
    eventId,
    rawKind,
    at: snowflakeTime(id),
    chat,
    sender,
    actionId: choice.actionId,
    label: choice.label,
    messageId: message === null || channel === null ? null : messageId(channel, message),
    ackRef: encodeAckRef({ id, token, applicationId, deferred, acknowledged }),
  };
}

function readInteractionPlace(interaction: Interaction): ChatRef | null {
  return readChannel(interaction.channel, interaction.guild_id) ?? readPlace(interaction);
}

/** In a server it is a member, in direct messages a user. */
function readInvoker(interaction: Interaction): ContactRef | null {
  const member = asObject<{ user: unknown }>(interaction.member);
  const user = readUser(member?.user, member) ?? readUser(interaction.user);
  return user && { ...user, locale: asText(interaction.locale) };
}

function readChoice(interaction: Interaction): Choice | string {
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
      return readCommand(asObject<CommandData>(interaction.data));
    case InteractionType.MessageComponent:
      return readComponent(interaction);
    case InteractionType.ModalSubmit:
      return readForm(asObject(interaction.data));
    default:
      return `Discord has interactions of the kind ${String(interaction.type)} that this version does not know: a newer one may read them`;
  }
}

function readCommand(data: Unchecked<CommandData> | null): Choice | string {
  const actionId = data && commandPath(data);
  if (!data || actionId === null) return 'A command was used, but Discord does not say which';
  const target = data.type === ApplicationCommandType.Message ? asSnowflake(data.target_id) : null;
  return { actionId, label: commandLabel(data), messageId: target, deferred: 'message' };
}

function readComponent({ data: value, message }: Interaction): Choice | string {
  const data = asObject<{ custom_id: string; values: unknown; resolved: unknown }>(value);
  const customId = asText(data?.custom_id);
  if (!data || customId === null) return 'A button or a select was used, but Discord does not say which';
  const values = asList(data.values).filter((chosen) => typeof chosen === 'string');
  const components = asObject<{ components: unknown }>(message)?.components;
  const isList = customId.startsWith(listPrefix) && values.length > 0 && values[0] !== '';
  return {
    actionId: isList ? values[0] : customId,
    label: componentLabel(customId, values, components, data.resolved),
    messageId: null,
    deferred: 'update',
  };
}

function readForm(value: unknown): Choice | string {
  const data = asObject<{ custom_id: string; components: unknown }>(value);
  const customId = asText(data?.custom_id);
  if (!data || customId === null) return 'A form was sent, but Discord does not say which';
  return { actionId: customId, label: formLabel(data.components), messageId: null, deferred: 'message' };
}

/**
 * One interaction as Discord posts it: pure, and the same body gives the same answer. Throws PayloadError where the body is no
 * interaction, nothing else.
 */
export function readPosted(body: unknown): Received {
  const interaction = asObject<APIInteraction>(body) as Interaction | null;
  if (!interaction || typeof interaction.type !== 'number')
    throw new PayloadError('Not an interaction of Discord: expected a JSON object with a number "type"');
  if (interaction.type === InteractionType.Ping)
    return { events: [], reply: json({ type: InteractionResponseType.Pong }) };
  const eventId = asSnowflake(interaction.id);
  if (eventId === null) throw new PayloadError('Not an interaction of Discord: expected an "id"');
  const context: Context = { eventId, rawKind: rawKindOf(interaction.type), account: null };
  const reading = readInteraction(interaction, context, true);
  if (typeof reading !== 'string')
    return {
      events: [reading],
      ignored: [],
      reply: json(deferral(interaction.type === InteractionType.MessageComponent ? 'update' : 'message')),
    };
  const ignored = [{ eventId, rawKind: context.rawKind, reason: reading }];
  // Without an answer that it knows, Discord tells the person that nothing came of it.
  if (interaction.type !== InteractionType.ApplicationCommandAutocomplete) return { events: [], ignored };
  return { events: [], ignored, reply: json(noCompletions) };
}

/** `INTERACTION.2`: the same name by webhook and gateway. */
export function rawKindOf(type: unknown): string {
  return typeof type === 'number' ? `INTERACTION.${type}` : 'INTERACTION';
}

/** What tells Discord within three seconds that the interaction was seen: https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object. */
export function deferral(deferred: AckRef['deferred']): object {
  return {
    type:
      deferred === 'update'
        ? InteractionResponseType.DeferredMessageUpdate
        : InteractionResponseType.DeferredChannelMessageWithSource,
  };
}

export const noCompletions = {
  type: InteractionResponseType.ApplicationCommandAutocompleteResult,
  data: { choices: [] },
};

function json(body: object): WebhookReply {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}
