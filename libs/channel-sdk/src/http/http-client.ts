import axios, { type AxiosInstance } from 'axios';
import { preferDirect } from './direct';
import { createTransport, createUndiciAdapter } from './undici-adapter';

export interface HttpClientOptions {
  baseURL: string;
  /** For the whole request; with `responseType: 'stream'` until the headers, then between two chunks. Default 30 000. */
  timeoutMs?: number;
  headers?: Record<string, string>;
  /** A longer answer is a failure. Does not hold for streams, which are never kept in memory. Default 10 MB. */
  maxResponseBytes?: number;
  /** At most so many connections to one origin at a time; further requests wait. Default 128. */
  connections?: number;
}

export type HttpClient = AxiosInstance & {
  /** Call when the client is not needed any more. Waits for running requests. */
  close(): Promise<void>;
};

/**
 * An axios instance for one account or service. Every status is an answer, which the caller reads; only trouble on the
 * way rejects, with a TransportError that `toSendError` makes one of the closed list. JSON is parsed, anything else is
 * left as text. Redirects are not followed. Read headers by their lower-case name: `response.headers['retry-after']`.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const transport = createTransport(options.connections ?? 128);
  const defaults = {
    baseURL: options.baseURL,
    timeout: options.timeoutMs ?? 30_000,
    maxContentLength: options.maxResponseBytes ?? 10 * 1024 * 1024,
    headers: { accept: 'application/json, text/plain, */*', ...lowerCaseNames(options.headers) },
  };
  const client = axios.create({
    ...defaults,
    adapter: createUndiciAdapter(transport),
    transformResponse: [],
    validateStatus: () => true,
  });
  preferDirect(client, transport, defaults);
  return Object.assign(client, { close: transport.close });
}

function lowerCaseNames(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
