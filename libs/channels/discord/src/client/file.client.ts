import {
  createHttpClient,
  RejectedError,
  statusToSendError,
  toSendError,
  type FetchedMedia,
  type HttpClient,
} from '@omni-hub/channel-sdk';
import type { Readable } from 'node:stream';

const discordHosts = ['cdn.discordapp.com', 'media.discordapp.net'];

/** Files at Discord, by addresses that prove themselves: no token is sent with them. */
export class FileClient {
  private readonly http: HttpClient;
  /** Where everything is asked of another address than Discord's, its files are there too. */
  private readonly api: URL;

  constructor(apiUrl: string) {
    this.http = createHttpClient({ baseURL: apiUrl });
    this.api = new URL(apiUrl);
  }

  /** Opens the bytes. Throws RejectedError for an address that is not Discord's, and with the code 404 for one that has ended. */
  async open(address: string, signal: AbortSignal): Promise<Omit<FetchedMedia, 'filename'>> {
    const url = this.check(address);
    const { status, data, headers } = await this.http
      .get<Readable>(url, { signal, responseType: 'stream' })
      .catch((error: unknown) => {
        throw toSendError(error);
      });
    if (status === 200) {
      const size = Number(headers['content-length'] ?? NaN);
      return {
        stream: data,
        mimeType: typeOf(headers['content-type']),
        size: Number.isSafeInteger(size) ? size : null,
      };
    }
    data.destroy();
    if (status === 403 || status === 404)
      throw new RejectedError('Discord has the file no more: it was deleted, or its address has ended', {
        platformCode: '404',
      });
    throw statusToSendError(status, 'of the file');
  }

  private check(address: string): string {
    const url = URL.canParse(address) ? new URL(address) : null;
    const isApi = url !== null && url.host === this.api.host && url.protocol === this.api.protocol;
    const isDiscord =
      url !== null && url.protocol === 'https:' && discordHosts.includes(url.hostname) && url.port === '';
    if (!isApi && !isDiscord)
      throw new RejectedError(
        'The reference names a file that is not at Discord: use the ref of an attachment as it was received',
      );
    if (isApi || isOfficial(this.api)) return url.href;
    return new URL(url.pathname + url.search, this.api).href;
  }
}

function isOfficial({ hostname }: URL): boolean {
  return hostname === 'discord.com' || hostname.endsWith('.discord.com');
}

function typeOf(header: unknown): string | null {
  return typeof header === 'string' && header !== 'application/octet-stream'
    ? header.split(';')[0].trim()
    : null;
}
