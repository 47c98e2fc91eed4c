import type { DefaultRestOptions, RawFile } from '@discordjs/rest';
import { UnreachableError } from '@omni-hub/channel-sdk';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Upload } from '../models/api.models';

/** The library takes files whole; what one request may hold bounds them. An abort ends the reading. */
export async function readFiles(files: readonly Upload[], signal: AbortSignal): Promise<RawFile[]> {
  const whole: RawFile[] = [];
  for (const { open, filename, mimeType } of files) {
    const bytes = addAbortSignal(signal, await open());
    const data = await buffer(bytes).catch((error: Error) => {
      throw new UnreachableError(`The file could not be read: ${error.message}. It is sent again`);
    });
    whole.push({ data, name: filename, contentType: mimeType ?? undefined });
  }
  return whole;
}

type Init = Parameters<typeof DefaultRestOptions.makeRequest>[1];

/** A form as its bytes: Node and the library each bring an undici of their own, and the one need not read the forms of the other. */
export async function encoded(init: Init): Promise<Init> {
  if (!(init.body instanceof FormData)) return init;
  const form = new Response(init.body);
  const headers = {
    ...(init.headers as Record<string, string>),
    'Content-Type': form.headers.get('content-type') ?? '',
  };
  return { ...init, headers, body: new Uint8Array(await form.arrayBuffer()) };
}
