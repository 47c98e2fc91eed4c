import type { IncomingMessage } from 'node:http';
import { differences, isRecord, partialDifferences, show } from '../fixtures/compare';
import type { ExpectedFile, ExpectedRequest } from '../fixtures/fixtures';

/** A request as it reached the fake platform. */
export interface RecordedRequest {
  method: string;
  /** Decoded, without the query. */
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: Buffer;
}

/** Reads a request whole. Rejects when the connection breaks before its end. */
export async function recordRequest(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://platform');
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}

/** The body as JSON where it is JSON, else as text; undefined when it is empty. */
export function bodyOf(request: RecordedRequest): unknown {
  const text = request.body.toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Where the request differs from what was expected, as sentences. */
export async function requestDifferences(
  expected: ExpectedRequest,
  request: RecordedRequest,
): Promise<string[]> {
  const line = `${expected.method ?? 'POST'} ${expected.path}`;
  const got = `${request.method} ${request.path}`;
  if (line !== got) return [`expected ${line}, got ${got}`];
  return [
    ...(expected.query ? differences(expected.query, request.query, 'query') : []),
    ...partialDifferences(expected.headers ?? {}, request.headers, 'headers'),
    ...('body' in expected ? differences(expected.body, bodyOf(request), 'body') : []),
    ...(expected.multipart ? await multipartDifferences(expected.multipart, request) : []),
  ].map((difference) => `${line}: ${difference}`);
}

async function multipartDifferences(
  expected: Record<string, unknown>,
  request: RecordedRequest,
): Promise<string[]> {
  const form = await parseForm(request);
  if (form === null)
    return [`multipart: expected multipart/form-data, got ${show(request.headers['content-type'])}`];
  const unexpected = [...form.keys()].filter((name) => !(name in expected));
  const fields = Object.entries(expected).map(([name, value]) =>
    fieldDifferences(value, form.get(name), `multipart.${name}`),
  );
  return [
    ...unexpected.map((name) => `multipart.${name}: not expected`),
    ...(await Promise.all(fields)).flat(),
  ];
}

async function parseForm(request: RecordedRequest): Promise<FormData | null> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return null;
  const response = new Response(new Uint8Array(request.body), { headers: { 'content-type': type } });
  return response.formData().catch(() => null);
}

async function fieldDifferences(expected: unknown, actual: unknown, path: string): Promise<string[]> {
  if (actual === null || actual === undefined) return [`${path}: expected ${show(expected)}, got nothing`];
  if (typeof actual !== 'string') return fileDifferences(expected, actual as File, path);
  return differences(expected, typeof expected === 'string' ? actual : jsonOrText(actual), path);
}

async function fileDifferences(expected: unknown, file: File, path: string): Promise<string[]> {
  if (!isRecord(expected)) return [`${path}: expected ${show(expected)}, got a file`];
  const wanted = expected as unknown as ExpectedFile;
  const data = Buffer.from(await file.arrayBuffer()).toString('base64');
  return partialDifferences(wanted, { filename: file.name, contentType: file.type, data }, path);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
