import {
  AmbiguousError,
  asObject,
  asObjects,
  asText,
  ConfigError,
  createHttpClient,
  RejectedError,
  toSendError,
  type Account,
  type HttpClient,
} from '@omni-hub/channel-sdk';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import type { Call, MessageContent, Upload } from '../models/api.models';
import type { SlackConfig } from '../models/config.models';
import { toFailure } from './failures';
import { FileClient } from './file.client';
import { ownAddress } from './own-address';

const timeoutMs = 30_000;

/** Whose the token is, and what it may do. */
export interface Identity {
  account: Account;
  team: string | null;
  url: string | null;
  /** Empty where Slack does not say. */
  scopes: string[];
}

/** Slack's Web API, one request a call. Every failure is one of the closed list. https://docs.slack.dev/apis/web-api */
export class SlackClient {
  readonly files: FileClient;
  private readonly http: HttpClient;
  private readonly authorization: { authorization: string };
  private readonly apiUrl: string;
  private readonly secrets: string[];

  constructor({ apiUrl, botToken, signingSecret }: SlackConfig) {
    this.http = createHttpClient({ baseURL: apiUrl });
    this.authorization = { authorization: `Bearer ${botToken}` };
    this.apiUrl = apiUrl;
    this.secrets = [botToken, signingSecret];
    this.files = new FileClient(this.http, apiUrl, this.authorization, this.secrets);
  }

  /** One attempt. Resolves with the answer, whose shape is not checked. */
  async call({ method, params, reads }: Call, signal: AbortSignal): Promise<Record<string, unknown>> {
    const request = reads ? { method: 'GET', params } : { method: 'POST', data: params };
    return (await this.ask(method, request, signal)).answer;
  }

  /** https://docs.slack.dev/reference/methods/auth.test */
  async identity(signal: AbortSignal): Promise<Identity> {
    const { answer, headers } = await this.ask('auth.test', { method: 'POST', data: {} }, signal);
    const [id, name, bot] = [asText(answer.user_id), asText(answer.user), asText(answer.bot_id)];
    if (id === null) throw new ConfigError("What answers at apiUrl is not Slack's Web API: check apiUrl");
    const account = { id, name, username: name, ...(bot !== null && { aliases: [bot] }) };
    const scopes = String(headers['x-oauth-scopes'] ?? '').split(/[\s,]+/);
    return {
      account,
      team: asText(answer.team),
      url: asText(answer.url),
      scopes: scopes.filter((scope) => scope !== ''),
    };
  }

  /**
   * Uploads files and shares them as one message; the `ts` of it where Slack tells that, which it most often cannot yet.
   * https://docs.slack.dev/messaging/working-with-files#uploading_files
   */
  async share({ channel, threadTs, files, comment }: Upload, signal: AbortSignal): Promise<string | null> {
    const uploaded: { id: string; title: string }[] = [];
    for (const file of files) {
      const begin = (call: Call) => this.call(call, signal);
      uploaded.push({ id: await this.files.upload(file, begin, signal), title: file.filename });
    }
    const params = { files: uploaded, channel_id: channel, thread_ts: threadTs, blocks: comment?.blocks };
    return sharedAs(await this.call({ method: 'files.completeUploadExternal', params }, signal), channel);
  }

  /**
   * Answers a command or shortcut where it was given, in a thread where one is named; for 30 minutes and five answers.
   * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
   */
  async respond(
    address: string,
    content: MessageContent & { thread_ts?: string },
    signal: AbortSignal,
  ): Promise<void> {
    const url = ownAddress(this.apiUrl, address);
    const data = { response_type: 'in_channel', ...content };
    const sent = await this.attempt(() => this.http.post<unknown>(url, data, { signal, timeout: timeoutMs }));
    const { status, data: body, headers } = sent;
    if (status === 200 && (body === 'ok' || asObject<{ ok: boolean }>(body)?.ok === true)) return;
    if (status === 404 || status === 410)
      throw new RejectedError('Slack: the command is too old to be answered where it was given', {
        platformCode: 'expired_url',
      });
    throw toFailure(
      { method: 'response_url', status, body, retryAfter: headers['retry-after'] },
      this.secrets,
    );
  }

  private async ask(method: string, request: AxiosRequestConfig, signal: AbortSignal) {
    const json = request.method === 'POST' && { 'content-type': 'application/json; charset=utf-8' };
    const sent = await this.attempt<unknown>(() =>
      this.http.request({
        ...request,
        url: `/${method}`,
        signal,
        timeout: timeoutMs,
        headers: { ...this.authorization, ...json },
      }),
    );
    const { status, data: body, headers } = sent;
    const answer = asObject(body);
    if (status === 200 && answer?.ok === true) return { answer: answer as Record<string, unknown>, headers };
    throw toFailure({ method, status, body, retryAfter: headers['retry-after'] }, this.secrets);
  }

  private async attempt<T>(request: () => Promise<AxiosResponse<T>>): Promise<AxiosResponse<T>> {
    try {
      return await request();
    } catch (error) {
      throw toSendError(error, this.secrets);
    }
  }
}

/** The `ts` of the message that a call made or changed. Throws AmbiguousError where the answer names none. */
export function madeMessage(answer: Record<string, unknown>): { channel: string; ts: string } {
  const [channel, ts] = [asText(answer.channel), asText(answer.ts)];
  if (channel === null || ts === null)
    throw new AmbiguousError(
      "Slack's answer names no message: look at the channel to see whether it arrived",
    );
  return { channel, ts };
}

function sharedAs(answer: Record<string, unknown>, channel: string): string | null {
  const [file] = asObjects<{ shares: unknown }>(answer.files);
  const shares = asObject<{ public: unknown; private: unknown }>(file?.shares);
  const found = [shares?.public, shares?.private].flatMap((one) =>
    asObjects<{ ts: string }>(asObject(one)?.[channel]),
  );
  return asText(found[0]?.ts);
}
