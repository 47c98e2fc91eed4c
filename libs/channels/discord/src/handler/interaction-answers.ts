import type { ActionChosen } from '@omni-hub/contracts';
import { InteractionType, type APIInteraction } from 'discord-api-types/v10';
import type { Call } from '../models/api.models';
import { asObject, asSnowflake, asText } from '../models/inbound.models';
import { decodeAckRef, type AckRef } from './ack-ref';
import { deferral, noCompletions, rawKindOf, readInteraction, type Interaction } from './interactions';

/** Calls that prove themselves by the interaction's token: https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints. */

/** Tells Discord that the interaction was seen; null where that is told already. */
export function toAcknowledgement({ ackRef }: Pick<ActionChosen, 'ackRef'>): Call | null {
  const ref = ackRef === null ? null : decodeAckRef(ackRef);
  if (!ref || ref.acknowledged) return null;
  return callback(ref.id, ref.token, deferral(ref.deferred));
}

/** The first answer to an interaction of the gateway, which is due within three seconds; null where it cannot be answered. */
export function toFirstAnswer(value: unknown): Call | null {
  const interaction = asObject<APIInteraction>(value) as Interaction | null;
  if (!interaction) return null;
  const id = asSnowflake(interaction.id);
  const token = asText(interaction.token);
  if (id === null || token === null) return null;
  if (interaction.type === InteractionType.ApplicationCommandAutocomplete)
    return callback(id, token, noCompletions);
  const context = { eventId: id, rawKind: rawKindOf(interaction.type), account: null };
  const reading = readInteraction(interaction, context, false);
  return typeof reading !== 'string' && reading.type === 'action' ? toAcknowledgement(reading) : null;
}

/** The message by which Discord shows that an answer is being written. */
export function originalPath({ applicationId, token }: AckRef): Call['path'] {
  return `/webhooks/${applicationId}/${encodeURIComponent(token)}/messages/@original`;
}

function callback(id: string, token: string, body: object): Call {
  return {
    method: 'POST',
    path: `/interactions/${id}/${encodeURIComponent(token)}/callback`,
    body,
    authorized: false,
  };
}
