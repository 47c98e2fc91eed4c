import axios, { type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { Agent, FormData as UndiciFormData, type Dispatcher } from 'undici';
import { Exchange, type Answer, type ExchangeOptions } from './exchange';
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
 * keep the process alive. Redirects are not followed; every status is an answer. Rejects with a TransportError only.
 */
export function createTransport(connections: number): Transport {
  const agent = new Agent({ connections, connect: { timeout: connectTimeoutMs } });
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
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
      }),
    close: () => agent.close(),
  };
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
