import {
  AmbiguousError,
  createHttpClient,
  statusToSendError,
  toSendError,
  redact,
  type HttpClient,
} from '@omni-hub/channel-sdk';
import type { SampleConfig } from './sample.models';

/** The sample platform's API. */
export class SampleClient {
  private readonly http: HttpClient;
  private readonly secrets: string[];

  constructor({ apiUrl, token, webhookSecret }: SampleConfig) {
    this.http = createHttpClient({ baseURL: apiUrl, headers: { authorization: `Bearer ${token}` } });
    this.secrets = [token, webhookSecret];
  }

  /** One call. Throws a SendError only. */
  async call(method: 'GET' | 'POST', path: string, data: unknown, signal: AbortSignal): Promise<unknown> {
    const {
      status,
      headers,
      data: answer,
    } = await this.http.request({ method, url: path, data, signal }).catch((error: unknown) => {
      throw toSendError(error, this.secrets);
    });
    if (status !== 200)
      throw statusToSendError(status, this.detailOf(answer), retryAfterMs(headers['retry-after']));
    return answer;
  }

  /** One call that makes a message; its id. */
  async make(path: string, data: unknown, signal: AbortSignal): Promise<string> {
    const answer = await this.call('POST', path, data, signal);
    const id = (answer as { id?: unknown } | null)?.id;
    if (typeof id !== 'string') throw new AmbiguousError('The platform answered without the id of a message');
    return id;
  }

  private detailOf(answer: unknown): string {
    const message = (answer as { message?: unknown } | null)?.message;
    return redact(typeof message === 'string' ? message : 'no reason given', this.secrets);
  }
}

function retryAfterMs(seconds: unknown): number | null {
  return typeof seconds === 'string' ? Number(seconds) * 1_000 : null;
}
