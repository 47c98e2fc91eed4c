import { createHmac } from 'node:crypto';
import type { Clock } from '../clock';
import type { Upload } from '../multipart';
import type { Fields } from './message';

export interface StoredFile extends Upload {
  id: string;
  channelId: string;
  size: number;
  /** `description`, `title`, `duration_secs`, `waveform`, `width`, … */
  more: Fields;
}

const secret = 'simulated';

/** Attachments, served at signed addresses that expire. */
export class FileStore {
  private readonly files = new Map<string, StoredFile>();
  /** By the name in their address. */
  private readonly stickers = new Map<string, StoredFile>();

  constructor(
    private readonly clock: Clock,
    private readonly newId: () => string,
    private readonly lifetimeMs: number,
    private readonly keeps: boolean,
  ) {}

  store(channelId: string, { filename, contentType, bytes }: Upload, more: Fields = {}): StoredFile {
    const safeName = filename.replace(/[^\w.-]+/g, '_');
    const file = {
      id: this.newId(),
      channelId,
      filename: safeName,
      contentType,
      bytes,
      size: bytes.length,
      more,
    };
    if (this.keeps) this.files.set(file.id, file);
    return file;
  }

  /** A sticker's picture, at the address of the platform that needs no signature. */
  storeSticker(id: string, extension: string, { contentType, bytes }: Upload): void {
    const filename = `${id}.${extension}`;
    const file = { id, channelId: '', filename, contentType, bytes, size: bytes.length, more: {} };
    if (this.keeps) this.stickers.set(filename, file);
  }

  sticker(pathname: string): StoredFile | null {
    return this.stickers.get(pathname.replace('/stickers/', '')) ?? null;
  }

  /** The attachment as it is told now. */
  object(baseUrl: string, file: StoredFile): Fields {
    const url = baseUrl + this.address(file);
    return {
      id: file.id,
      filename: file.filename,
      size: file.size,
      url,
      proxy_url: url.replace('/attachments/', '/proxied/attachments/'),
      content_type: file.contentType,
      content_scan_version: 0,
      ...file.more,
    };
  }

  /** The file at an address; null where the signature is wrong, has expired or there is no such file. */
  at(pathname: string, query: URLSearchParams): StoredFile | null {
    const file = this.files.get(pathname.split('/').at(-2) ?? '');
    const [expires, issued] = [query.get('ex') ?? '', query.get('is') ?? ''];
    if (!file || query.get('hm') !== signature(file, expires, issued)) return null;
    return parseInt(expires, 16) * 1000 >= this.clock.now() ? file : null;
  }

  clear(): void {
    this.files.clear();
    this.stickers.clear();
  }

  private address(file: StoredFile): string {
    const now = this.clock.now();
    const issued = Math.floor(now / 1000).toString(16);
    const expires = Math.floor((now + this.lifetimeMs) / 1000).toString(16);
    const query = `ex=${expires}&is=${issued}&hm=${signature(file, expires, issued)}`;
    return `/attachments/${file.channelId}/${file.id}/${file.filename}?${query}`;
  }
}

function signature({ id }: StoredFile, expires: string, issued: string): string {
  return createHmac('sha256', secret).update(`${id} ${expires} ${issued}`).digest('hex');
}
