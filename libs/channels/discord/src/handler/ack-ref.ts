import { asObject, asSnowflake, asText } from '../models/inbound.models';

/** What is needed to answer an interaction: https://docs.discord.com/developers/interactions/receiving-and-responding. */
export interface AckRef {
  id: string;
  token: string;
  applicationId: string;
  /** `message`: people see that an answer is being written, and the answer replaces that. `update`: nothing shows. */
  deferred: 'message' | 'update';
  /** True where the answer to the webhook has told Discord already. */
  acknowledged: boolean;
}

export function encodeAckRef({ id, token, applicationId, deferred, acknowledged }: AckRef): string {
  return JSON.stringify({ id, token, applicationId, deferred, acknowledged });
}

/** Null for what `encodeAckRef` did not make: there is nothing to answer then. */
export function decodeAckRef(ref: string): AckRef | null {
  const found = asObject<AckRef>(parse(ref));
  const id = asSnowflake(found?.id);
  const token = asText(found?.token);
  const applicationId = asSnowflake(found?.applicationId);
  if (!found || id === null || token === null || applicationId === null) return null;
  const deferred = found.deferred === 'message' ? 'message' : 'update';
  return { id, token, applicationId, deferred, acknowledged: found.acknowledged === true };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
