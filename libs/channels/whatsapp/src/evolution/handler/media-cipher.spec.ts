import { RejectedError } from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { MediaDecipher, mediaKeys } from './media-cipher';

/** As WhatsApp documents nowhere and every client does. */
function encrypt(plain: Uint8Array, mediaKey: Uint8Array, info: string): Buffer {
  const keys = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(0), info, 112));
  const [iv, cipherKey, macKey] = [keys.subarray(0, 16), keys.subarray(16, 48), keys.subarray(48, 80)];
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  const mac = createHmac('sha256', macKey).update(iv).update(encrypted).digest().subarray(0, 10);
  return Buffer.concat([encrypted, mac]);
}

function decrypt(
  file: Buffer,
  mediaKey: Uint8Array,
  kind: 'image' | 'voice',
  chunk = file.length || 1,
): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(file.length / chunk) }, (_, index) =>
    file.subarray(index * chunk, (index + 1) * chunk),
  );
  const keys = mediaKeys(Buffer.from(mediaKey).toString('base64'), kind);
  return buffer(Readable.from(pieces).pipe(new MediaDecipher(keys)));
}

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const plain = fc.uint8Array({ maxLength: 200 });

describe('a file of WhatsApp', () => {
  it('is what was encrypted, in whatever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(plain, key, fc.integer({ min: 1, max: 64 }), async (bytes, mediaKey, chunk) => {
        const file = encrypt(bytes, mediaKey, 'WhatsApp Image Keys');
        expect(await decrypt(file, mediaKey, 'image', chunk)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('is refused with any bit changed', async () => {
    await fc.assert(
      fc.asyncProperty(plain, key, fc.nat(), async (bytes, mediaKey, place) => {
        const file = encrypt(bytes, mediaKey, 'WhatsApp Audio Keys');
        const bit = place % (file.length * 8);
        file[bit >> 3] ^= 1 << (bit & 7);
        await expect(decrypt(file, mediaKey, 'voice')).rejects.toThrow(RejectedError);
      }),
    );
  });

  it('is refused when it is cut, empty, or of another kind', async () => {
    const mediaKey = Buffer.alloc(32, 7);
    const file = encrypt(Buffer.from('hello'), mediaKey, 'WhatsApp Image Keys');
    await expect(decrypt(file.subarray(0, -1), mediaKey, 'image')).rejects.toThrow(/MAC/);
    await expect(decrypt(Buffer.alloc(0), mediaKey, 'image')).rejects.toThrow(/0 bytes/);
    await expect(decrypt(file, mediaKey, 'voice')).rejects.toThrow(RejectedError);
  });

  it('whose MAC is right and whose end is not padded is refused', async () => {
    const mediaKey = Buffer.alloc(32, 7);
    const { iv, macKey } = mediaKeys(mediaKey.toString('base64'), 'image');
    const encrypted = Buffer.alloc(16, 1);
    const mac = createHmac('sha256', macKey).update(iv).update(encrypted).digest().subarray(0, 10);
    await expect(decrypt(Buffer.concat([encrypted, mac]), mediaKey, 'image')).rejects.toThrow(
      /end is damaged/,
    );
  });

  it.each(['', 'AAEC', 'x'])('has no key where it is "%s"', (mediaKey) => {
    expect(() => mediaKeys(mediaKey, 'image')).toThrow(RejectedError);
  });
});
