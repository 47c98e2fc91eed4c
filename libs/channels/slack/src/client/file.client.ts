import {
  AmbiguousError,
  asText,
  RejectedError,
  SendError,
  statusToSendError,
  streamedBody,
  toSendError,
  UnreachableError,
  type FetchedMedia,
  type FormFile,
  type HttpClient,
} from '@omni-hub/channel-sdk';
import type { Readable } from 'node:stream';
import type { Call } from '../models/api.models';
import { tooFast } from './failures';
import { ownAddress } from './own-address';

const timeoutMs = 30_000;

/** Files at Slack. Every failure is one of the closed list. */
export class FileClient {
  constructor(
    private readonly http: HttpClient,
    private readonly apiUrl: string,
    private readonly authorization: { authorization: string },
    private readonly secrets: string[],
  ) {}

  /** Opens the bytes; the token goes to Slack's own hosts alone. https://docs.slack.dev/reference/objects/file-object#authentication */
  async open(address: string, signal: AbortSignal): Promise<Omit<FetchedMedia, 'filename'>> {
    const url = ownAddress(this.apiUrl, address);
    const { status, data, headers } = await this.http
      .get<Readable>(url, { signal, responseType: 'stream', headers: this.authorization })
      .catch((error: unknown) => {
        throw toSendError(error, this.secrets);
      });
    const size = Number(headers['content-length'] ?? NaN);
    if (status === 200)
      return {
        stream: data,
        mimeType: typeOf(headers['content-type']),
        size: Number.isSafeInteger(size) ? size : null,
      };
    data.destroy();
    if (status === 429) throw tooFast('the download of a file', headers['retry-after']);
    const details = { platformCode: String(status) };
    if (status === 404 || status === 410)
      throw new RejectedError('Slack has the file no more: it was deleted', details);
    if (status === 403 || (status >= 300 && status < 400))
      throw new RejectedError(
        'Slack does not give the file to the app: add the scope files:read and install it again',
        details,
      );
    throw statusToSendError(status, 'of the file');
  }

  /**
   * Uploads one file, which nobody sees until it is shared: what fails here has certainly not arrived. Answers its id.
   * https://docs.slack.dev/reference/methods/files.getUploadURLExternal
   */
  async upload(
    file: FormFile,
    begin: (call: Call) => Promise<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<string> {
    try {
      const params = { filename: file.filename, length: file.size };
      const begun = await begin({ method: 'files.getUploadURLExternal', params, reads: true });
      const [address, id] = [asText(begun.upload_url), asText(begun.file_id)];
      if (address === null || id === null)
        throw new AmbiguousError("Slack's answer names no address for the file");
      await this.put(ownAddress(this.apiUrl, address), file, signal);
      return id;
    } catch (error) {
      if (!(error instanceof SendError) || error.code !== 'AMBIGUOUS') throw error;
      throw new UnreachableError(`The file did not reach Slack: ${error.message}`, {
        platformCode: error.platformCode ?? undefined,
      });
    }
  }

  private async put(url: string, file: FormFile, signal: AbortSignal): Promise<void> {
    const { stream, length, transferMs } = streamedBody([{ file }]);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(length) };
    const { status, headers: answered } = await this.http
      .post<unknown>(url, stream, { signal, timeout: timeoutMs + transferMs, headers })
      .catch((error: unknown) => {
        throw toSendError(error, this.secrets);
      });
    if (status === 429) throw tooFast('the upload of a file', answered['retry-after']);
    if (status !== 200) throw statusToSendError(status, 'to the upload of a file');
  }
}

function typeOf(header: unknown): string | null {
  return typeof header === 'string' && header !== 'application/octet-stream'
    ? header.split(';')[0].trim()
    : null;
}
