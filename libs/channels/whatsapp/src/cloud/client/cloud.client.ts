import {
  ConfigError,
  createHttpClient,
  multipart,
  redact,
  RejectedError,
  type SendError,
  toSendError,
  UnauthorizedError,
  UnreachableError,
  type FormFile,
  type HttpClient,
} from '@omni-hub/channel-sdk';
import type { AxiosResponse } from 'axios';
import type { Readable } from 'node:stream';
import type { WhatsAppConfig } from '../../models/config.models';
import type { MediaInfo, Message, ReadReceipt } from '../models/api.models';
import { asNumber, asObject, asObjects, asText, type Unchecked } from '../models/inbound.models';
import { toFailure } from './failures';

export const graphUrl = 'https://graph.facebook.com';

/** For a request, beside the time that a file takes on its way. */
const timeoutMs = 30_000;

type Settings = Pick<
  WhatsAppConfig,
  'apiUrl' | 'apiVersion' | 'phoneNumberId' | 'accessToken' | 'appSecret' | 'verifyToken'
>;

/** Where WhatsApp keeps files; the token is sent nowhere else but to `apiUrl`. */
const fileHosts = /(^|\.)(whatsapp\.net|fbcdn\.net|fbsbx\.com|facebook\.com)$/;

/** Answers of a file's address that has expired; they do not say more. */
const expired = [401, 403, 404, 410];

/** Graph API, one request a call. Every failure is one of the closed list and holds no secret. */
export class CloudClient {
  private readonly http: HttpClient;
  private readonly base: URL;
  private readonly phoneNumberId: string;
  private readonly number: string;
  private readonly version: string;
  private readonly secrets: string[];

  constructor({
    apiUrl = graphUrl,
    apiVersion,
    phoneNumberId,
    accessToken,
    appSecret,
    verifyToken,
  }: Settings) {
    this.http = createHttpClient({
      baseURL: apiUrl,
      timeoutMs,
      // Files are served to clients that name themselves: …/whatsapp/reference/media/media-download-api.
      headers: { authorization: `Bearer ${accessToken}`, 'user-agent': 'omni-hub' },
    });
    this.base = new URL(apiUrl);
    this.version = `/${apiVersion}`;
    this.phoneNumberId = phoneNumberId;
    this.number = `${this.version}/${phoneNumberId}`;
    this.secrets = [accessToken, appSecret, verifyToken];
  }

  /** One attempt, the `attempt`-th. Resolves with the message's id at WhatsApp (wamid). */
  async send(message: Message, attempt: number, signal: AbortSignal): Promise<string> {
    const response = await this.exchange(() =>
      this.http.post(`${this.number}/messages`, message, { signal }),
    );
    const id = response.status === 200 ? asText(asObjects(asObject(response.data)?.messages)[0]?.id) : null;
    if (id === null) throw this.failure(response, attempt);
    return id;
  }

  /** Marks a message and those before it as read. */
  async read(receipt: ReadReceipt, signal: AbortSignal): Promise<void> {
    await this.harmless(() => this.http.post(`${this.number}/messages`, receipt, { signal }));
  }

  /** Brings a file to WhatsApp, which keeps it for 30 days. Doing so twice shows nothing to anybody. */
  async upload(file: FormFile, signal: AbortSignal): Promise<string> {
    const { stream, headers, transferMs } = multipart([
      ['messaging_product', 'whatsapp'],
      ['type', file.mimeType],
      ['file', file],
    ]);
    const options = { headers, signal, timeout: timeoutMs + transferMs };
    const answer = await this.harmless(() => this.http.post(`${this.number}/media`, stream, options));
    const id = asText(answer.id);
    if (id === null)
      throw new UnreachableError('Graph API took the file without naming it: it is sent again');
    return id;
  }

  /** Where a file is for the next five minutes. Throws RejectedError where WhatsApp has it no more. */
  async media(id: string, signal: AbortSignal): Promise<MediaInfo> {
    const path = `${this.version}/${encodeURIComponent(id)}?phone_number_id=${this.phoneNumberId}`;
    const answer = await this.harmless(() => this.http.get(path, { signal })).catch((error: SendError) => {
      if (error.platformCode !== '100' && error.platformCode !== '33') throw error;
      throw new RejectedError(
        'WhatsApp has the file no more: it keeps what people send for 7 days. Ask for it to be sent again',
        { platformCode: error.platformCode },
      );
    });
    const url = asText(answer.url);
    if (url === null)
      throw new UnreachableError('Graph API does not say where the file is: it is asked again');
    return {
      url,
      mimeType: asText(answer.mime_type),
      sha256: asText(answer.sha256),
      size: asNumber(answer.file_size),
    };
  }

  /** Opens a file. Null where its address has expired. */
  async download(
    url: string,
    signal: AbortSignal,
  ): Promise<{ stream: Readable; size: number | null } | null> {
    this.requireFileHost(url);
    const { status, data, headers } = await this.exchange<Readable>(() =>
      this.http.get(url, { signal, responseType: 'stream' }),
    ).catch(mendable);
    if (status === 200) {
      const size = Number(headers['content-length'] ?? NaN);
      return { stream: data, size: Number.isSafeInteger(size) ? size : null };
    }
    data.destroy();
    if (expired.includes(status)) return null;
    throw new UnreachableError(`WhatsApp does not give the file (status ${status}): it is tried again`, {
      platformCode: String(status),
    });
  }

  /** Reads fields of the number. */
  describe(fields: readonly string[], signal: AbortSignal): Promise<Unchecked> {
    return this.harmless(() => this.http.get(`${this.number}?fields=${fields.join(',')}`, { signal })).catch(
      asSetUp,
    );
  }

  /** Where Meta sends what concerns the number; empty takes it back. Meta proves the address by a request at once. */
  async setWebhook(url: string, verifyToken: string, signal: AbortSignal): Promise<void> {
    const configuration =
      url === '' ? { override_callback_uri: '' } : { override_callback_uri: url, verify_token: verifyToken };
    await this.harmless(() =>
      this.http.post(this.number, { webhook_configuration: configuration }, { signal }),
    ).catch(asSetUp);
  }

  /** Makes Meta send what concerns an account to the app that the token is of. */
  async subscribe(businessAccountId: string, signal: AbortSignal): Promise<void> {
    await this.harmless(() =>
      this.http.post(`${this.version}/${businessAccountId}/subscribed_apps`, {}, { signal }),
    ).catch(asSetUp);
  }

  /** A transport's failure, said in the closed list and without secrets. */
  failed(error: unknown): SendError {
    return toSendError(error, this.secrets);
  }

  private requireFileHost(url: string): void {
    const { protocol, hostname, origin } = URL.canParse(url) ? new URL(url) : new URL('invalid:');
    if (origin === this.base.origin || (protocol === 'https:' && fileHosts.test(hostname))) return;
    throw new RejectedError(
      `The file is said to be at "${hostname}", which is not WhatsApp's: the token is not sent there. Check apiUrl`,
    );
  }

  /** A request that may be made any number of times: whatever is not understood is tried again. */
  private async harmless(request: () => Promise<AxiosResponse>): Promise<Unchecked> {
    const response = await this.exchange(request).catch(mendable);
    const answer = response.status === 200 ? asObject(response.data) : null;
    if (answer && answer.success !== false && Object.keys(answer).length > 0) return answer;
    return mendable(this.failure(response, 1));
  }

  private async exchange<T = unknown>(
    request: () => Promise<AxiosResponse<T>>,
  ): Promise<Pick<AxiosResponse<T>, 'status' | 'data' | 'headers'>> {
    try {
      return await request();
    } catch (error) {
      throw this.failed(error);
    }
  }

  private failure(
    { status, data, headers }: Pick<AxiosResponse, 'status' | 'data' | 'headers'>,
    attempt: number,
  ): SendError {
    const body = JSON.parse(redact(JSON.stringify(data ?? null), this.secrets)) as unknown;
    return toFailure({ status, body, retryAfter: headers['retry-after'], attempt });
  }
}

function mendable(error: SendError): never {
  if (error.code !== 'AMBIGUOUS') throw error;
  throw new UnreachableError(error.message, { platformCode: error.platformCode ?? undefined });
}

/** Settings are wrong, or it can be tried again: whoever sets up has to know which. */
function asSetUp(error: SendError): never {
  if (error instanceof UnauthorizedError || error instanceof ConfigError) throw error;
  const details = { platformCode: error.platformCode ?? undefined };
  if (error.retryable) throw new UnreachableError(error.message, details);
  throw new ConfigError(error.message, details);
}
