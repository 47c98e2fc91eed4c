import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';

/** What a file is encrypted as; stickers are images, round videos are videos. */
export type CipherKind = 'Image' | 'Video' | 'Audio' | 'Document';

const macBytes = 10;

/**
 * WhatsApp's scheme: HKDF-SHA256 of the media key gives the IV, the AES-256-CBC key and the MAC key; the first 10 bytes of
 * HMAC-SHA256(IV + ciphertext) follow the ciphertext.
 */
export function encryptMedia(plain: Buffer, mediaKey: Buffer, kind: CipherKind): Buffer {
  const { iv, cipherKey, macKey } = keysOf(mediaKey, kind);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([encrypted, macOf(macKey, iv, encrypted)]);
}

/** The opposite. Throws when the MAC is not that of the rest. */
export function decryptMedia(file: Buffer, mediaKey: Buffer, kind: CipherKind): Buffer {
  const { iv, cipherKey, macKey } = keysOf(mediaKey, kind);
  const encrypted = file.subarray(0, -macBytes);
  if (!macOf(macKey, iv, encrypted).equals(file.subarray(-macBytes))) throw new Error('The MAC is wrong.');
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  return Buffer.concat([decipher.update(encrypted), decipher.final()]);
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

function keysOf(mediaKey: Buffer, kind: CipherKind) {
  const expanded = Buffer.from(hkdfSync('sha256', mediaKey, '', `WhatsApp ${kind} Keys`, 112));
  return {
    iv: expanded.subarray(0, 16),
    cipherKey: expanded.subarray(16, 48),
    macKey: expanded.subarray(48, 80),
  };
}

const macOf = (macKey: Buffer, iv: Buffer, encrypted: Buffer) =>
  createHmac('sha256', macKey).update(iv).update(encrypted).digest().subarray(0, macBytes);
