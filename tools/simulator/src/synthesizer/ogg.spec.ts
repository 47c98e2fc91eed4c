import fc from 'fast-check';
import { spokenFile, spokenIn } from './ogg';

interface ReadPage {
  flags: number;
  granule: number;
  sequence: number;
  packets: number;
}

/** Reads the pages of a file by RFC 3533. */
function pagesOf(file: Buffer): ReadPage[] {
  const pages: ReadPage[] = [];
  for (let at = 0; at < file.length; ) {
    expect(file.subarray(at, at + 4).toString()).toBe('OggS');
    const lacing = [...file.subarray(at + 27, at + 27 + file[at + 26])];
    pages.push({
      flags: file[at + 5],
      granule: Number(file.readBigUInt64LE(at + 6)),
      sequence: file.readUInt32LE(at + 18),
      packets: lacing.filter((length) => length < 255).length,
    });
    at += 27 + lacing.length + lacing.reduce((sum, length) => sum + length, 0);
  }
  return pages;
}

describe('What the fake synthesizer says', () => {
  it('can be read from the file, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 4_096 }), (text) => {
        expect(spokenIn(spokenFile(text))).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('is an Ogg file of Opus: its head, its comments, and a second of sound for every 15 characters', () => {
    const file = spokenFile('x'.repeat(40));
    expect(file.subarray(28, 36).toString()).toBe('OpusHead');
    expect(pagesOf(file)).toEqual([
      { flags: 2, granule: 0, sequence: 0, packets: 1 },
      { flags: 0, granule: 0, sequence: 1, packets: 1 },
      { flags: 0, granule: 48_000, sequence: 2, packets: 50 },
      { flags: 0, granule: 96_000, sequence: 3, packets: 50 },
      { flags: 4, granule: 144_000, sequence: 4, packets: 50 },
    ]);
  });

  it('has the checksums of RFC 3533', () => {
    const file = spokenFile('hello');
    expect(file.readUInt32LE(22)).toBe(checksumOf(file.subarray(0, 47)));
  });

  it('is in no other file', () => {
    expect(spokenIn(Buffer.from('OggS simulated voice'))).toBeNull();
  });
});

/** RFC 3533's CRC, bit by bit: generator 0x04c11db7, from 0, without reflection. */
function checksumOf(page: Buffer): number {
  const bytes = Buffer.from(page);
  bytes.fill(0, 22, 26);
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte) << 24n;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1n;
      if (crc & 0x100000000n) crc ^= 0x104c11db7n;
    }
  }
  return Number(crc);
}
