import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';
import type { Answer } from './exchange';
import { abortedBefore } from './transport-errors';
import { joinUrl, type Transport, type TransportRequest } from './undici-adapter';

/** What every request of a client starts from. */
export interface DirectDefaults {
  baseURL: string;
  timeout: number;
  maxContentLength: number;
  /** Lower-case names. */
  headers: Record<string, string>;
}

/**
 * Lets plain requests go to the transport directly: JSON, and text whose content type is given. Axios merges and checks
 * its configuration for each request, which costs more processor time than the request itself. What goes on the wire and
 * what comes back is the same, but that bodies are sent whole: axios drops fields named `__proto__`, `constructor` or
 * `prototype`, and trims or quotes text that is called JSON, which would break its signature. Whatever is not plain
 * (interceptors, forms, parameters, unusual options) takes axios' own way.
 */
export function preferDirect(client: AxiosInstance, transport: Transport, defaults: DirectDefaults): void {
  const throughAxios = client.request.bind(client);
  const intercepted = () =>
    hasHandlers(client.interceptors.request) || hasHandlers(client.interceptors.response);

  const request = async (config: AxiosRequestConfig): Promise<AxiosResponse> => {
    const direct = isPlain(config) && !intercepted() ? toRequest(config, defaults) : null;
    if (direct) return toResponse(await transport.send(direct), config);
    if (config.signal?.aborted) throw abortedBefore();
    return throughAxios(config);
  };

  const withoutBody =
    (method: string) =>
    (url: string, config: AxiosRequestConfig = {}) =>
      request({ ...config, method, url });

  const withBody =
    (method: string) =>
    (url: string, data?: unknown, config: AxiosRequestConfig = {}) =>
      request({ ...config, method, url, data });

  Object.assign(client, {
    request,
    get: withoutBody('get'),
    delete: withoutBody('delete'),
    post: withBody('post'),
    put: withBody('put'),
    patch: withBody('patch'),
  });
}

const plainOptions = new Set([
  'method',
  'url',
  'data',
  'headers',
  'signal',
  'timeout',
  'responseType',
  'maxContentLength',
]);

function isPlain(config: AxiosRequestConfig): boolean {
  for (const option in config) if (!plainOptions.has(option)) return false;
  return hasPlainBody(config) && hasPlainHeaders(config.headers);
}

/** Text, bodies that axios would send as JSON, and requests that have no body and need none. */
function hasPlainBody({ data, method = 'get' }: AxiosRequestConfig): boolean {
  if (data === undefined) return /^(get|delete)$/i.test(method);
  return (
    /^(post|put|patch)$/i.test(method) &&
    (typeof data === 'string' || Array.isArray(data) || isPlainObject(data))
  );
}

function hasPlainHeaders(headers: AxiosRequestConfig['headers']): boolean {
  if (headers === undefined) return true;
  if (!isPlainObject(headers)) return false;
  for (const name in headers) {
    if (typeof headers[name] !== 'string') return false;
  }
  return true;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}

function hasHandlers(interceptors: unknown): boolean {
  return (interceptors as { handlers: unknown[] }).handlers.length > 0;
}

/** Null where axios would choose the body's form by its content type. */
function toRequest(config: AxiosRequestConfig, defaults: DirectDefaults): TransportRequest | null {
  const headers: Record<string, string> = { ...defaults.headers };
  for (const name in config.headers) headers[name.toLowerCase()] = config.headers[name] as string;
  const { data } = config;
  const isTyped = 'content-type' in headers;
  if (data !== undefined && isTyped !== (typeof data === 'string')) return null;
  if (data !== undefined && !isTyped) headers['content-type'] = 'application/json';
  return {
    method: (config.method ?? 'get').toUpperCase(),
    url: joinUrl(defaults.baseURL, config.url ?? ''),
    headers,
    body: data === undefined || typeof data === 'string' ? (data ?? null) : JSON.stringify(data),
    timeout: config.timeout ?? defaults.timeout,
    signal: config.signal,
    responseType: config.responseType,
    maxContentLength: config.maxContentLength ?? defaults.maxContentLength,
  };
}

function toResponse(answer: Answer, config: AxiosRequestConfig): AxiosResponse {
  return { ...answer, config } as AxiosResponse;
}
