import type { ActionChosen } from '@omni-hub/contracts';
import { InteractionType } from 'discord-api-types/v10';
import type { Call } from '../models/api.models';
import { asObject, asSnowflake, asText } from '../models/inbound.models';
import { decodeAckRef, type AckRef } from './ack-ref';
import { deferral, noCompletions } from './interactions';

/** Calls that prove themselves by the interaction's token: https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints. */

/** Tells Discord that the interaction was seen; null where that is told already. */
export function toAcknowledgement({ ackRef }: Pick<ActionChosen, 'ackRef'>): Call | null {
  const ref = ackRef === null ? null : decodeAckRef(ackRef);
  if (!ref || ref.acknowledged) return null;
  return callback(ref.id, ref.token, deferral(ref.deferred));
}

/** The answer to somebody who types an option that is completed; null for any other interaction. */
export function answerCompletion(value: unknown): Call | null {
  const interaction = asObject<{ id: string; token: string; type: number }>(value);
  if (interaction?.type !== InteractionType.ApplicationCommandAutocomplete) return null;
  const id = asSnowflake(interaction.id);
  const token = asText(interaction.token);
  return id === null || token === null ? null : callback(id, token, noCompletions);
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
