import {
  createHttpClient,
  redact,
  RejectedError,
  statusToSendError,
  streamedBody,
  toSendError,
  UnreachableError,
  type HttpClient,
} from '@omni-hub/channel-sdk';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { pipeline, type Readable } from 'node:stream';
import type { WhatsAppConfig } from '../../models/config.models';
import type { Call } from '../models/api.models';
import { asObject, type Unchecked } from '../models/inbound.models';
import { Base64Field } from './base64-field';
import { toFailure } from './failures';

export type EvolutionConfig = Pick<
  WhatsAppConfig,
  'apiUrl' | 'apiKey' | 'instanceName' | 'webhookSecret' | 'mediaUrl'
>;

/** Evolution answers a send once WhatsApp has a connection for it; large files take it longest, beside their time on the way. */
const timeoutMs = 60_000;
/** An error is a few words long; what is longer is none. */
const longestError = 64 * 1024;

/**
 * The REST API of one Evolution server for one instance, and the servers where WhatsApp keeps encrypted media. One request a call. Every
 * failure is one of the closed list, and none holds a secret: `more` are those that the config does not have.
 */
export class EvolutionClient {
  private readonly http: HttpClient;
  private readonly media: HttpClient;
  private readonly instance: string;
  private readonly secrets: string[];

  constructor(config: EvolutionConfig, more: string[] = []) {
    this.http = createHttpClient({
      baseURL: config.apiUrl ?? '',
      timeoutMs,
      headers: { apikey: config.apiKey },
    });
    this.media = createHttpClient({
      baseURL: config.mediaUrl,
      headers: { origin: 'https://web.whatsapp.com' },
    });
    this.instance = encodeURIComponent(config.instanceName);
    this.secrets = [config.apiKey, config.webhookSecret, ...more];
  }

  /** Resolves with the answer's object or list; whose shape is not checked. */
  async call(call: Call, signal: AbortSignal): Promise<unknown> {
    const { status, data, headers } = await this.request<unknown>(call, { signal });
    const told = asObject(data);
    const success = (status === 200 || status === 201) && (told !== null || Array.isArray(data));
    // Some calls tell their failure with status 200: https://github.com/evolution-foundation/evolution-api, `instance.controller.ts`.
    if (success && told?.error !== true) return data;
    throw this.failure(call, told?.error === true && status < 300 ? 400 : status, data, headers);
  }

  /** Resolves with the answer's object; an answer that is none may hide an action. */
  async ask(call: Call, signal: AbortSignal): Promise<Unchecked> {
    const answer = await this.call(call, signal);
    const object = asObject(answer);
    if (object) return object;
    throw toFailure({ path: call.path, status: 200, body: null, retryAfter: undefined });
  }

  /** Opens the bytes of a message's file, which Evolution fetches and decrypts. */
  async file(id: string, signal: AbortSignal): Promise<Readable> {
    const call: Call = {
      method: 'POST',
      path: 'chat/getBase64FromMediaMessage',
      body: { message: { key: { id } }, convertToMp4: false },
    };
    const {
      status,
      data: answer,
      headers,
    } = await this.request<Readable>(call, { signal, responseType: 'stream' });
    if (status === 200 || status === 201) return pipeline(answer, new Base64Field(), () => undefined);
    throw this.failure(call, status, await beginning(answer), headers);
  }

  /** Opens an encrypted file. `directPath` is below `mediaUrl`, whatever it says. */
  async encryptedFile(directPath: string, signal: AbortSignal): Promise<Readable> {
    if (!/^\/[^/\\]/.test(directPath)) {
      throw new RejectedError('The message names no file of WhatsApp: ask for it to be sent again');
    }
    const { status, data } = await this.attempt<Readable>(() =>
      this.media.get(directPath, { signal, responseType: 'stream' }),
    );
    if (status === 200) return data;
    data.destroy();
    if (status === 403 || status === 404 || status === 410) {
      throw new RejectedError('WhatsApp has the file no more: ask for it to be sent again', {
        platformCode: String(status),
      });
    }
    if (status >= 500) {
      throw new UnreachableError(`WhatsApp's media server is down (${status}): it is tried again`, {
        platformCode: String(status),
      });
    }
    throw statusToSendError(status, "WhatsApp's media server");
  }

  private request<T>(call: Call, options: AxiosRequestConfig) {
    const { method, path, query, anyInstance } = call;
    const search = query ? `?${new URLSearchParams(query).toString()}` : '';
    const url = `/${path}${anyInstance ? '' : `/${this.instance}`}${search}`;
    return this.attempt<T>(() => this.http.request({ ...options, method, url, ...bodyOf(call) }));
  }

  private async attempt<T>(request: () => Promise<AxiosResponse<T>>): Promise<AxiosResponse<T>> {
    try {
      return await request();
    } catch (error) {
      throw toSendError(error, this.secrets);
    }
  }

  private failure({ path }: Call, status: number, answer: unknown, headers: AxiosResponse['headers']): Error {
    const body = parse(redact(JSON.stringify(answer ?? null), this.secrets));
    return toFailure({ path, status, body, retryAfter: headers['retry-after'] });
  }
}

/**
 * JSON. The bytes of a file pass through it: Evolution takes a form for some of its calls too, but no quote in one
 * (https://github.com/evolution-foundation/evolution-api, `sendMessage.router.ts`).
 */
function bodyOf({ body, file }: Call): AxiosRequestConfig {
  if (!file) return body ? { data: body } : {};
  const beginning = JSON.stringify({ ...body, [file.field]: '' }).slice(0, -'"}'.length);
  const { stream, length, transferMs } = streamedBody([beginning, { file: file.bytes, base64: true }, '"}']);
  const headers = { 'content-type': 'application/json', 'content-length': String(length) };
  return { data: stream, headers, timeout: timeoutMs + transferMs };
}

/** The beginning of an answer that was opened as a stream and turned out to be an error. */
async function beginning(answer: Readable): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > longestError) break;
    }
  } catch {
    // What came so far has to do: the status is known.
  }
  return parse(Buffer.concat(chunks).toString('utf8'));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
