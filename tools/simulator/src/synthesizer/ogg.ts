/** Silence of 20 ms, as Opus codes it (RFC 6716). */
const silence = Buffer.from([0xf8, 0xff, 0xfe]);
const packetsPerSecond = 50;
/** Granules are samples at 48 kHz (RFC 7845). */
const samplesPerPacket = 960;
const charactersPerSecond = 15;
const serial = 0x6f6d6e69;
const spokenTag = 'SPOKEN=';

const first = 2;
const last = 4;

/**
 * An Ogg/Opus file (RFC 7845) as long as it takes to say the text. It is silent: what is said is told in a comment, where
 * `spokenIn` reads it.
 */
export function spokenFile(text: string): Buffer {
  const seconds = Math.max(1, Math.ceil(text.length / charactersPerSecond));
  const sound = Array.from({ length: seconds }, (_, index) =>
    page({
      packets: new Array<Buffer>(packetsPerSecond).fill(silence),
      granule: (index + 1) * packetsPerSecond * samplesPerPacket,
      sequence: index + 2,
      flags: index === seconds - 1 ? last : 0,
    }),
  );
  return Buffer.concat([
    page({ packets: [head()], granule: 0, sequence: 0, flags: first }),
    page({ packets: [tags(text)], granule: 0, sequence: 1, flags: 0 }),
    ...sound,
  ]);
}

/** What is said in a file that `spokenFile` made; null for any other. */
export function spokenIn(file: Buffer): string | null {
  const start = file.indexOf('OpusTags');
  if (start < 0) return null;
  const vendorEnd = start + 12 + file.readUInt32LE(start + 8);
  const comment = file.subarray(vendorEnd + 8, vendorEnd + 8 + file.readUInt32LE(vendorEnd + 4)).toString();
  return comment.startsWith(spokenTag) ? comment.slice(spokenTag.length) : null;
}

function head(): Buffer {
  const bytes = Buffer.alloc(19);
  bytes.write('OpusHead');
  bytes.writeUInt8(1, 8); // version
  bytes.writeUInt8(1, 9); // channels
  bytes.writeUInt16LE(312, 10); // samples to skip
  bytes.writeUInt32LE(24_000, 12); // the input's rate
  return bytes;
}

function tags(text: string): Buffer {
  const counted = (value: string) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const one = Buffer.from([1, 0, 0, 0]);
  return Buffer.concat([Buffer.from('OpusTags'), counted('simulator'), one, counted(spokenTag + text)]);
}

interface Page {
  packets: Buffer[];
  granule: number;
  sequence: number;
  flags: number;
}

/** One Ogg page (RFC 3533) with all of the packets, which have to fit. */
function page({ packets, granule, sequence, flags }: Page): Buffer {
  const lacing = packets.flatMap(({ length }) => [
    ...new Array<number>(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  const header = Buffer.alloc(27);
  header.write('OggS');
  header.writeUInt8(flags, 5);
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(serial, 14);
  header.writeUInt32LE(sequence, 18);
  header.writeUInt8(lacing.length, 26);
  const bytes = Buffer.concat([header, Buffer.from(lacing), ...packets]);
  bytes.writeUInt32LE(checksum(bytes), 22);
  return bytes;
}

/** Ogg's CRC-32: not that of zip, its bits are in the other order. */
function checksum(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ table[(crc >>> 24) ^ byte]) >>> 0;
  return crc;
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});
