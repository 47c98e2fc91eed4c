import type { Upload } from '../multipart';
import type { Random } from '../random';
import { type CipherKind, encryptMedia, sha256 } from './media-cipher';
import { type Fields, Long } from './values';

export type MediaKind = 'image' | 'video' | 'ptv' | 'audio' | 'document' | 'sticker';

/** What is wrong with a file. */
export type MediaFlaw =
  /** It has no bytes, both ways. */
  | 'empty'
  /** What can be downloaded was changed: its MAC is wrong. */
  | 'wrong-mac'
  /** The message names another SHA-256 of the content. */
  | 'wrong-sha256'
  /** The server does not find it: `getBase64FromMediaMessage` answers 400. */
  | 'no-base64'
  /** WhatsApp keeps it no longer: the download answers 404. */
  | 'no-download';

/** A file at the fake WhatsApp, with what a message says about it. */
export interface StoredMedia {
  kind: MediaKind;
  directPath: string;
  /** As WhatsApp keeps it. */
  encrypted: Buffer;
  plain: Buffer;
  mimetype: string;
  fileName: string;
  flaws: readonly MediaFlaw[];
}

const cipherKinds: Record<MediaKind, CipherKind> = {
  image: 'Image',
  sticker: 'Image',
  video: 'Video',
  ptv: 'Video',
  audio: 'Audio',
  document: 'Document',
};

const mediaHost = 'https://mmg.whatsapp.net';
const thumbnail = Buffer.from([255, 216, 255, 224, 0, 16, 74, 70, 73, 70]);
const dayMs = 86_400_000;

/** Files by the path under which WhatsApp serves them. */
export class MediaStore {
  private readonly byPath = new Map<string, StoredMedia>();

  constructor(
    private readonly random: Random,
    private readonly keeps: boolean,
  ) {}

  /** Encrypts and keeps a file. `fields` is what the message says of it; `declares` the length that it claims. */
  store(
    kind: MediaKind,
    { filename, contentType, bytes }: Upload,
    flaws: readonly MediaFlaw[] = [],
    declares?: number,
  ): { media: StoredMedia; fields: Fields } {
    const plain = flaws.includes('empty') ? Buffer.alloc(0) : bytes;
    const mediaKey = this.bytes(32);
    const encrypted = flaws.includes('empty') ? plain : encryptMedia(plain, mediaKey, cipherKinds[kind]);
    if (flaws.includes('wrong-mac')) encrypted[encrypted.length - 1] ^= 0xff;
    const path = `/v/t62.7118-24/${this.bytes(12).toString('hex')}.enc`;
    const directPath = `${path}?ccb=11-4&oh=${this.bytes(8).toString('hex')}&oe=${Math.floor((Date.now() + dayMs) / 1000).toString(16)}&_nc_sid=5e03e0`;
    const media = { kind, directPath, encrypted, plain, mimetype: contentType, fileName: filename, flaws };
    if (this.keeps) this.byPath.set(path, media);
    const now = Math.floor(Date.now() / 1000);
    const fields = {
      url: `${mediaHost}${directPath}&mms3=true`,
      mimetype: contentType,
      fileSha256: sha256(flaws.includes('wrong-sha256') ? Buffer.concat([plain, mediaKey]) : plain),
      fileLength: new Long(declares ?? bytes.length),
      mediaKey,
      fileEncSha256: sha256(encrypted),
      directPath,
      mediaKeyTimestamp: new Long(now),
      ...shape(kind, filename),
    };
    return { media, fields };
  }

  /** What the direct path, without its query, leads to; undefined where it leads nowhere any more. */
  download(path: string): Buffer | undefined {
    const media = this.byPath.get(path);
    return media?.flaws.includes('no-download') ? undefined : media?.encrypted;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => Math.floor(this.random() * 256)));
  }
}

function shape(kind: MediaKind, fileName: string): Fields {
  switch (kind) {
    case 'image':
      return { height: 480, width: 640, jpegThumbnail: thumbnail };
    case 'video':
      return { seconds: 3, height: 480, width: 640, gifPlayback: false, jpegThumbnail: thumbnail };
    case 'ptv':
      return { seconds: 3, height: 400, width: 400, jpegThumbnail: thumbnail };
    case 'audio':
      return { seconds: 4, ptt: false };
    case 'document':
      return { fileName, title: fileName, pageCount: 1 };
    case 'sticker':
      return { height: 512, width: 512, isAnimated: false };
  }
}
