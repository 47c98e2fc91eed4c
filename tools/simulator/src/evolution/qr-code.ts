import type { Random } from '../random';

/** What is shown to be scanned, or typed in on the phone. */
export interface QrCode {
  pairingCode: string | null;
  code: string;
  base64: string;
  count: number;
}

export interface QrTiming {
  /** How often a new code is shown. The real server's is 45000 and more. */
  everyMs: number;
  /** After so many, nobody is waited for any more. The real server's is 30. */
  limit: number;
}

export const fastQr: QrTiming = { everyMs: 1000, limit: 30 };

const onePixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const pairingLetters = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';

export function newQrCode(random: Random, count: number, paired: boolean): QrCode {
  const pick = (letters: string, length: number) =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
  const key = () => `${pick('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 43)}=`;
  return {
    pairingCode: paired ? pick(pairingLetters, 8) : null,
    code: `2@${key()},${key()},${key()},${key()}`,
    base64: onePixel,
    count,
  };
}
