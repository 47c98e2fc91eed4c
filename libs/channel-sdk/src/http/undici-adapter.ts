import axios, { type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { Agent, FormData as UndiciFormData, type Dispatcher } from 'undici';
import { Exchange, type Answer, type ExchangeOptions } from './exchange';
import { trafficWatcher } from './traffic';
import { invalidUrl } from './transport-errors';

export interface TransportRequest extends ExchangeOptions {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Dispatcher.DispatchOptions['body'];
}

export interface Transport {
  send(request: TransportRequest): Promise<Answer>;
  /** Lets running requests end, then closes every connection. */
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;

/**
 * Keep-alive connections, pooled per origin, at most `connections` for each. Idle ones close by themselves and never
 * keep the process alive. Redirects are not followed; every status is an answer. Rejects with a TransportError only. With
 * `lookup` names are resolved by it.
 */
export function createTransport(connections: number, lookup: LookupFunction | null = null): Transport {
  const agent = new Agent({
    connections,
    connect: { timeout: connectTimeoutMs, ...(lookup && { lookup }) },
  });
  const dispatch = (request: TransportRequest) =>
    new Promise<Answer>((resolve, reject) => {
      const exchange = new Exchange(request, resolve, reject);
      const url = parseUrl(request.url);
      if (!url) return exchange.fail(invalidUrl());
      agent.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method as Dispatcher.HttpMethod,
          headers: request.headers,
          body: request.body,
          headersTimeout: request.timeout,
          bodyTimeout: request.timeout,
        },
        exchange,
      );
    });
  return {
    send: (request) => told(request, dispatch(request)),
    close: () => agent.close(),
  };
}

/** The answer, which whoever watches the traffic is told of first. */
function told(request: TransportRequest, answer: Promise<Answer>): Promise<Answer> {
  const seen = trafficWatcher();
  if (!seen) return answer;
  const { method, url, body } = request;
  const requestBody =
    body === null || body === undefined ? null : typeof body === 'string' ? body : undefined;
  const tell = (got: Answer | null) => seen({ method, url, requestBody, answer: got && tellable(got) });
  return answer.then(
    (got) => (tell(got), got),
    (error: unknown) => {
      tell(null);
      throw error;
    },
  );
}

function tellable({ status, headers, data }: Answer) {
  const names = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  const unread = Buffer.isBuffer(data) || data instanceof Readable;
  return { status, headers: Object.fromEntries(names), body: unread ? undefined : data };
}

/** Axios' API, serialisation and interceptors over the transport. */
export function createUndiciAdapter(transport: Transport): AxiosAdapter {
  return async (config) => ({ ...(await transport.send(toRequest(config))), config }) as AxiosResponse;
}

/** `path` behind `baseURL`, or itself where it is a whole address. */
export function joinUrl(baseURL: string, path: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(path)) return path;
  return path ? `${baseURL.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}` : baseURL;
}

function toRequest(config: InternalAxiosRequestConfig): TransportRequest {
  const { url = '', baseURL = '', params, paramsSerializer, data } = config;
  return {
    method: (config.method ?? 'get').toUpperCase(),
    url: joinUrl(baseURL, params ? axios.getUri({ url, params, paramsSerializer }) : url),
    headers: headersOf(config),
    body: data instanceof FormData ? toUndiciForm(data) : data,
    timeout: config.timeout ?? 0,
    signal: config.signal,
    responseType: config.responseType,
    maxContentLength: config.maxContentLength ?? Infinity,
  };
}

/** A form's content type holds its boundary, which undici makes together with the body. */
function headersOf({ headers, data }: InternalAxiosRequestConfig): Record<string, string> {
  if (data instanceof FormData || data instanceof UndiciFormData) headers.delete('content-type');
  return headers.toJSON() as Record<string, string>;
}

/** undici encodes forms of its own class only; Node's global FormData is another one. */
function toUndiciForm(data: FormData): UndiciFormData {
  const form = new UndiciFormData();
  for (const [name, value] of data) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, value.name);
  }
  return form;
}

function parseUrl(url: string): URL | null {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  return new URL(url);
}
