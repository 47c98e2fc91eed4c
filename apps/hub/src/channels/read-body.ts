import { raw, type Request } from 'express';
import { Problem } from '../flow/problem';

/**
 * The exact bytes of a request. Rejects with a Problem when there are more than `maxBytes`, unpacked ones included, or
 * when the client leaves before the end.
 */
export function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const isPacked = (request.headers['content-encoding'] ?? 'identity') !== 'identity';
  return isPacked ? unpack(request, maxBytes) : collect(request, maxBytes);
}

function collect(request: Request, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else reject(new Problem(413, 'TOO_LARGE', 'the body is too large'));
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', () => reject(new Problem(400, 'BAD_REQUEST', 'the request ended before its body')));
  });
}

/** As Express reads it: no platform packs its webhooks, but a proxy before the hub may. */
function unpack(request: Request, maxBytes: number): Promise<Buffer> {
  const parse = raw({ type: () => true, limit: maxBytes });
  return new Promise((resolve, reject) => {
    parse(request, request.res!, (error?: unknown) =>
      error ? reject(error) : resolve(request.body as Buffer),
    );
  });
}
