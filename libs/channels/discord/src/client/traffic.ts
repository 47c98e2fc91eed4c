import type { DefaultRestOptions, ResponseLike } from '@discordjs/rest';
import { trafficWatcher } from '@omni-hub/channel-sdk';

type Init = Parameters<typeof DefaultRestOptions.makeRequest>[1];

/** The answer, which whoever watches the hub's traffic is told of first. Its body can be read as before. */
export async function told(
  url: string,
  { method = 'GET', body }: Init,
  response: ResponseLike,
): Promise<ResponseLike> {
  const seen = trafficWatcher();
  if (!seen) return response;
  const text = await response.text().catch(() => '');
  const { ok, status, statusText } = response;
  const headers = Object.fromEntries([...response.headers] as [string, string][]);
  const nothing = body === null || body === undefined ? null : undefined;
  seen({
    method,
    url,
    requestBody: typeof body === 'string' ? body : nothing,
    answer: { status, headers, body: parsed(text) },
  });
  if (!ok) return response;
  return {
    body: null,
    bodyUsed: true,
    ok,
    status,
    statusText,
    headers: response.headers,
    json: async () => JSON.parse(text),
    text: async () => text,
    arrayBuffer: async () => new Uint8Array(Buffer.from(text)).buffer,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
