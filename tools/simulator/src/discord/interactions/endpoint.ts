import type { SimulatedApplication } from '../application';
import type { World } from '../world';

/** The url for interactions does not answer as it has to. */
export class EndpointRefused extends Error {}

export interface EndpointReply {
  status: number;
  contentType: string;
  body: Buffer;
}

const patienceMs = 3000;

/** Sends signed bytes, as the platform does; with `isForged` the signature is another one. Rejects when no answer comes in 3 seconds. */
export async function postSigned(
  application: SimulatedApplication,
  url: string,
  body: Buffer,
  isForged = false,
): Promise<EndpointReply> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = application.sign(timestamp, isForged ? Buffer.from('something else') : body);
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Discord-Interactions/1.0 (+https://discord.com)',
      'x-signature-ed25519': signature,
      'x-signature-timestamp': timestamp,
    },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** Sets the url for interactions, once it has answered a ping and refused a wrong signature; null takes it away. */
export async function useEndpoint(
  world: World,
  application: SimulatedApplication,
  url: string | null,
): Promise<void> {
  if (url !== null) await probeEndpoint(world, application, url);
  application.interactionsUrl = url;
}

/**
 * What the platform does when the url is set, and now and then later: a ping, and a ping with a wrong signature. Rejects where the
 * answers are not 200 with `{"type":1}` and 401. https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
 */
export async function probeEndpoint(
  world: World,
  application: SimulatedApplication,
  url: string,
): Promise<void> {
  if (!URL.canParse(url)) throw new EndpointRefused('It is not a well formed URL.');
  const ping = () =>
    Buffer.from(
      JSON.stringify({
        id: world.newId(),
        application_id: application.id,
        type: 1,
        token: 'ping',
        version: 1,
        user: application.user,
        entitlements: [],
      }),
    );
  const send = (isForged: boolean) =>
    postSigned(application, url, ping(), isForged).catch((error: Error) => {
      throw new EndpointRefused(`It did not answer: ${error.message}`);
    });
  const right = await send(false);
  if (right.status !== 200 || !isPong(right))
    throw new EndpointRefused('It did not answer a ping with {"type":1}.');
  const forged = await send(true);
  if (forged.status !== 401)
    throw new EndpointRefused(`It answered a wrong signature with ${forged.status}, not 401.`);
}

function isPong({ contentType, body }: EndpointReply): boolean {
  try {
    const answer = JSON.parse(body.toString()) as { type?: number } | null;
    return contentType.startsWith('application/json') && answer?.type === 1;
  } catch {
    return false;
  }
}
