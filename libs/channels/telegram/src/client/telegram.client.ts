import {
  createHttpClient,
  multipart,
  RejectedError,
  redact,
  toSendError,
  type FetchedMedia,
  type FormFile,
  type HttpClient,
} from '@omni-hub/channel-sdk';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import type { Readable } from 'node:stream';
import type { Batch, CallOf, Method, Params, Result } from '../models/api.models';
import type { TelegramConfig } from '../models/config.models';
import { toFailure } from './failures';

/** For a request, beside the time that its files take on their way. */
const timeoutMs = 30_000;

/** How long Telegram holds a long poll at most, and what the way may take on top. */
export const longPollSeconds = 50;
const longPollTimeoutMs = (longPollSeconds + 15) * 1000;

/**
 * The Bot API, one request a call: https://core.telegram.org/bots/api#making-requests. Every failure is one of the
 * closed list. The token is part of every address, so no address and no error of the transport ever leaves this class.
 */
export class TelegramClient {
  private readonly http: HttpClient;
  private readonly methods: string;
  private readonly files: string;
  private readonly token: string;
  private readonly secrets: string[];

  constructor({ token, webhookSecret, apiUrl }: Pick<TelegramConfig, 'token' | 'webhookSecret' | 'apiUrl'>) {
    this.http = createHttpClient({ baseURL: apiUrl, timeoutMs });
    this.methods = `/bot${token}/`;
    this.files = `/file/bot${token}/`;
    this.token = token;
    this.secrets = webhookSecret === undefined ? [token] : [token, webhookSecret];
  }

  /** One attempt. Resolves with the API's `result`, whose shape is not checked. */
  async call<M extends Method>(call: CallOf<M>, signal: AbortSignal): Promise<Result<M>> {
    const { method, params, files } = call;
    const { status, data, headers } = files
      ? await this.upload(method, params, files, signal)
      : await this.post(method, params, { signal });
    if (status === 200 && data?.ok === true) return data.result;
    throw this.failure(method, status, data, headers);
  }

  /** Waits up to `params.timeout` seconds for updates. */
  async updates(params: Params<'getUpdates'>, signal: AbortSignal): Promise<Batch> {
    const options: AxiosRequestConfig = { signal, timeout: longPollTimeoutMs, responseType: 'arraybuffer' };
    const { status, data: raw, headers } = await this.post('getUpdates', params, options);
    const answer = parse(raw);
    if (status === 200 && answer?.ok === true && Array.isArray(answer.result))
      return { updates: answer.result, raw };
    throw this.failure('getUpdates', status, answer, headers);
  }

  /** Opens the bytes behind the `file_path` of `getFile`. */
  async download(filePath: string, signal: AbortSignal): Promise<Omit<FetchedMedia, 'filename'>> {
    const path = relativePath(filePath, this.token);
    const {
      status,
      data: stream,
      headers,
    } = await this.attempt<Readable>(() =>
      this.http.get(this.files + path, { signal, responseType: 'stream' }),
    );
    if (status === 200)
      return { stream, mimeType: typeOf(headers['content-type']), size: sizeOf(headers['content-length']) };
    stream.destroy();
    if (status === 404) {
      throw new RejectedError(
        filePath.startsWith('/')
          ? 'The Bot API server runs with --local and keeps files on its own disk: serve its folder at <apiUrl>/file/bot<token>/, see the Telegram guide'
          : 'Telegram has the file no more: its link was valid for an hour',
        { platformCode: '404' },
      );
    }
    throw this.failure('getFile', status, null, headers);
  }

  private upload(method: Method, params: object, files: Record<string, FormFile>, signal: AbortSignal) {
    const { stream, headers, transferMs } = multipart([...textsOf(params), ...Object.entries(files)]);
    return this.post(method, stream, { signal, headers, timeout: timeoutMs + transferMs });
  }

  // The API's answers have as many shapes as it has methods.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  private post(method: Method, body: object, options: AxiosRequestConfig): Promise<AxiosResponse<any>> {
    return this.attempt(() => this.http.post(this.methods + method, body, options));
  }

  private async attempt<T>(request: () => Promise<AxiosResponse<T>>): Promise<AxiosResponse<T>> {
    try {
      return await request();
    } catch (error) {
      throw toSendError(error, this.secrets);
    }
  }

  private failure(method: Method, status: number, answer: unknown, headers: AxiosResponse['headers']): Error {
    const body = parse(redact(JSON.stringify(answer ?? null), this.secrets));
    return toFailure({ method, status, body, retryAfter: headers['retry-after'] });
  }
}

/** Parameters as a form has them: texts as they are, everything else as JSON. */
function textsOf(params: object): [name: string, text: string][] {
  return Object.entries(params).flatMap(([name, value]: [string, unknown]) =>
    value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
}

/** A server that runs with `--local` tells the absolute path on its disk: `/var/lib/telegram-bot-api/<token>/photos/file_0.jpg`. */
function relativePath(filePath: string, token: string): string {
  const folder = `/${token}/`;
  const start = filePath.indexOf(folder);
  const relative = start < 0 ? filePath : filePath.slice(start + folder.length);
  return relative.replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/');
}

/** Telegram serves most files without a type. */
function typeOf(header: unknown): string | null {
  return typeof header === 'string' && header !== 'application/octet-stream' ? header : null;
}

function sizeOf(header: unknown): number | null {
  const size = Number(header ?? NaN);
  return Number.isSafeInteger(size) ? size : null;
}

function parse(json: Buffer | string) {
  try {
    return JSON.parse(json.toString());
  } catch {
    return null;
  }
}
