import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import type { Upload } from '../multipart';
import type { BusinessNumber } from './number';

const dayMs = 86_400_000;
/** How long an address of media works. */
export const addressLifeMs = 5 * 60_000;
/** How long media stays that the business uploaded, and that a person sent. */
const lives = { uploaded: 30 * dayMs, received: 7 * dayMs };

export interface StoredMedia {
  id: string;
  number: BusinessNumber;
  mimeType: string;
  filename: string;
  bytes: Buffer;
  size: number;
  sha256: Buffer;
  expiresAt: number;
}

/** The media of all numbers. Their addresses say themselves until when they work. */
export class MediaStore {
  private readonly byId = new Map<string, StoredMedia>();
  private last = 0;

  constructor(
    private readonly clock: Clock,
    /** False: nothing can be found again. */
    private readonly keeps: boolean,
  ) {}

  store(
    number: BusinessNumber,
    { contentType, filename, bytes }: Upload,
    from: keyof typeof lives,
  ): StoredMedia {
    const media: StoredMedia = {
      id: String(1_000_000_000_000_000 + ++this.last),
      number,
      mimeType: contentType,
      filename,
      bytes,
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest(),
      expiresAt: this.clock.now() + lives[from],
    };
    if (this.keeps) this.byId.set(media.id, media);
    return media;
  }

  find(id: string): StoredMedia | undefined {
    const media = this.byId.get(id);
    return media && media.expiresAt > this.clock.now() ? media : undefined;
  }

  delete(id: string): void {
    this.byId.delete(id);
  }

  /** The path and query of a download, good for five minutes. */
  address({ id }: StoredMedia): string {
    const expires = Math.floor((this.clock.now() + addressLifeMs) / 1000);
    return `/whatsapp_business/attachments/?mid=${id}&ext=${expires}&hash=${hashOf(id, expires)}`;
  }

  /** What a download asks for; null where the address is wrong or has expired. */
  at(query: URLSearchParams): StoredMedia | null {
    const [id, expires] = [query.get('mid') ?? '', Number(query.get('ext'))];
    if (query.get('hash') !== hashOf(id, expires) || expires * 1000 < this.clock.now()) return null;
    return this.find(id) ?? null;
  }
}

const hashOf = (id: string, expires: number) =>
  createHash('sha256').update(`${id} ${expires}`).digest('base64url').slice(0, 22);
