import { ConfigError, SendError, UnauthorizedError, UnreachableError } from '@omni-hub/channel-sdk';
import type { EvolutionClient } from '../client/evolution.client';
import type { Call } from '../models/api.models';
import { asObject, asText } from '../models/inbound.models';

/** Words of the failures that are as good as done, as `client/failures.ts` writes them. */
export const noInstance = /no such instance/i;
export const notConnected = /is not connected/i;

/** False where it fails for the stated reason, which then is as good as done. */
export async function unless(reason: RegExp, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Error && reason.test(error.message)) return false;
    throw error;
  }
}

/** These calls may be repeated at will: whatever is no fault of the settings may be tried again. */
export async function setUp(client: EvolutionClient, signal: AbortSignal, call: Call): Promise<unknown> {
  try {
    return await client.call(call, signal);
  } catch (error) {
    if (!(error instanceof SendError) || error instanceof UnauthorizedError || error instanceof ConfigError)
      throw error;
    const details = { platformCode: error.platformCode ?? undefined };
    if (error.retryable) throw new UnreachableError(error.message, details);
    throw new ConfigError(error.message, details);
  }
}

/** `open`, `connecting` or `close`; null where there is no such instance. */
export async function stateOf(client: EvolutionClient, signal: AbortSignal): Promise<string | null> {
  try {
    const answer = await setUp(client, signal, { method: 'GET', path: 'instance/connectionState' });
    return asText(asObject(asObject(answer)?.instance)?.state);
  } catch (error) {
    if (error instanceof ConfigError && noInstance.test(error.message)) return null;
    throw error;
  }
}
