import { link, text } from './checks/fields';
import { GraphError } from './errors';
import type { World } from './world';

const answerWithinMs = 10_000;

/**
 * Asks a callback whether it is the business's, as the platform does before it uses it.
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
 */
export async function verifyCallback(world: World, url: unknown, verifyToken: unknown): Promise<void> {
  const callback = new URL(link(url, 'override_callback_uri'));
  const challenge = String(Math.floor(world.random() * 1e10));
  callback.searchParams.set('hub.mode', 'subscribe');
  callback.searchParams.set('hub.challenge', challenge);
  callback.searchParams.set('hub.verify_token', text(verifyToken, 'verify_token', 2048));
  const problem = await ask(callback, challenge);
  if (problem) {
    const message = `(#2200) Callback verification failed with the following errors: ${problem}`;
    throw new GraphError(400, 2200, message);
  }
}

async function ask(callback: URL, challenge: string): Promise<string | null> {
  try {
    const answer = await fetch(callback, { redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs) });
    const body = await answer.text();
    if (answer.status !== 200) {
      return `HTTP Status Code = ${answer.status}; HTTP Message = ${answer.statusText}`;
    }
    return body === challenge ? null : 'the answer is not the value of hub.challenge';
  } catch (error) {
    const { message, cause } = error as Error;
    return `curl_error = ${(cause as Error | undefined)?.message ?? message}; HTTP Status Code = 0`;
  }
}
