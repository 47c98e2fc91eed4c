import { RejectedError } from '@omni-hub/channel-sdk';
import type { MediaKind } from '@omni-hub/contracts';
import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

/** The last bytes of an encrypted file: the beginning of its HMAC. */
const macLength = 10;

const infos: Record<MediaKind, string> = {
  image: 'WhatsApp Image Keys',
  sticker: 'WhatsApp Image Keys',
  video: 'WhatsApp Video Keys',
  audio: 'WhatsApp Audio Keys',
  voice: 'WhatsApp Audio Keys',
  document: 'WhatsApp Document Keys',
};

export interface MediaKeys {
  iv: Buffer;
  cipherKey: Buffer;
  macKey: Buffer;
}

/** https://github.com/WhiskeySockets/Baileys/blob/master/src/Utils/messages-media.ts, `getMediaKeys`. Throws RejectedError for what is no key. */
export function mediaKeys(mediaKey: string, kind: MediaKind): MediaKeys {
  const key = Buffer.from(mediaKey, 'base64');
  if (key.length !== 32)
    throw new RejectedError('The message has no key to its file: ask for it to be sent again');
  const bytes = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), infos[kind], 112));
  return { iv: bytes.subarray(0, 16), cipherKey: bytes.subarray(16, 48), macKey: bytes.subarray(48, 80) };
}

/**
 * Decrypts a file of WhatsApp as it passes: AES-256-CBC, with the first 10 bytes of an HMAC-SHA256 over iv and ciphertext behind it. What is
 * wrong shows at the end, where the stream then ends with RejectedError: the bytes before must not be used until it has ended well.
 */
export class MediaDecipher extends Transform {
  private readonly decipher;
  private readonly mac;
  /** The last bytes so far, which may be the MAC. */
  private held: Buffer = Buffer.alloc(0);

  constructor({ iv, cipherKey, macKey }: MediaKeys) {
    super();
    this.decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
    this.mac = createHmac('sha256', macKey).update(iv);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const bytes = Buffer.concat([this.held, chunk]);
    const end = Math.max(0, bytes.length - macLength);
    this.held = bytes.subarray(end);
    if (end > 0) {
      const encrypted = bytes.subarray(0, end);
      this.mac.update(encrypted);
      this.push(this.decipher.update(encrypted));
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.held.length === 0) {
      done(new RejectedError('WhatsApp gave a file of 0 bytes: ask for it to be sent again'));
      return;
    }
    const expected = this.mac.digest().subarray(0, macLength);
    if (this.held.length < macLength || !timingSafeEqual(expected, this.held)) {
      done(
        new RejectedError(
          'The file is not the one that was sent, its MAC is wrong: ask for it to be sent again',
        ),
      );
      return;
    }
    try {
      done(null, this.decipher.final());
    } catch {
      done(
        new RejectedError('The file cannot be decrypted, its end is damaged: ask for it to be sent again'),
      );
    }
  }
}
