/** How many bytes from the beginning `sniff` has to see. */
export const sniffedBytes = 64;

interface Format {
  mimeType: string;
  /** What else files of this beginning are rightly called: what the platform says is then the better name. */
  also?: RegExp;
  matches(head: Buffer): boolean;
}

const startsWith =
  (text: string, at = 0) =>
  (head: Buffer) =>
    head.toString('latin1', at, at + text.length) === text;

/** The ISO base media file format: the brand follows the word `ftyp`. */
const brand = (pattern: RegExp) => (head: Buffer) =>
  startsWith('ftyp', 4)(head) && pattern.test(head.toString('latin1', 8, 12));

const riff = (form: string) => (head: Buffer) => startsWith('RIFF')(head) && startsWith(form, 8)(head);

/** MPEG audio frames begin with eleven bits that are set; the layer tells MP3 from AAC. */
const mpegFrame = (layer: number) => (head: Buffer) =>
  head.length > 1 && head[0] === 0xff && (head[1] & 0xf6) === (0xf0 | layer);

const formats: Format[] = [
  { mimeType: 'image/jpeg', matches: startsWith('\xff\xd8\xff') },
  { mimeType: 'image/png', matches: startsWith('\x89PNG\r\n\x1a\n') },
  { mimeType: 'image/gif', matches: startsWith('GIF8') },
  { mimeType: 'image/webp', matches: riff('WEBP') },
  { mimeType: 'audio/wav', also: /^audio\/(x-|vnd\.)?wave?$/, matches: riff('WAVE') },
  { mimeType: 'application/pdf', matches: startsWith('%PDF-') },
  { mimeType: 'audio/ogg', also: /^(audio|video|application)\/(ogg|opus)$/, matches: startsWith('OggS') },
  { mimeType: 'audio/amr', also: /^audio\/amr(-wb)?$/, matches: startsWith('#!AMR') },
  { mimeType: 'image/heic', also: /^image\/hei[cf]$/, matches: brand(/^(hei[cx]|mif1)/) },
  { mimeType: 'image/avif', matches: brand(/^avif/) },
  { mimeType: 'audio/mp4', also: /^audio\/(x-)?m4[abp]$/, matches: brand(/^M4[ABP]/) },
  { mimeType: 'video/3gpp', also: /^(audio|video)\/3gpp2?$/, matches: brand(/^3g/) },
  { mimeType: 'video/quicktime', matches: brand(/^qt/) },
  { mimeType: 'video/mp4', also: /^(audio|video)\/(mp4|x-m4[av]|aac|3gpp2?)$/, matches: brand(/./) },
  {
    mimeType: 'video/webm',
    also: /^(audio|video)\/(webm|x-matroska)$/,
    matches: startsWith('\x1a\x45\xdf\xa3'),
  },
  { mimeType: 'audio/mpeg', also: /^audio\/(mp3|mpeg3)$/, matches: startsWith('ID3') },
  { mimeType: 'audio/mpeg', also: /^audio\/(mp3|mpeg3)$/, matches: mpegFrame(2) },
  { mimeType: 'audio/aac', also: /^audio\/aacp?$/, matches: mpegFrame(0) },
  {
    mimeType: 'application/zip',
    also: /(^application\/(vnd\.|java-archive|epub\+zip|x-zip)|\+zip$)/,
    matches: startsWith('PK\x03\x04'),
  },
];

/**
 * The MIME type of a file that begins with `head`, where the beginning tells; else what the platform told. A name that the
 * platform gives to a file of that kind stays, parameters and all: a voice message is an `audio/ogg; codecs=opus`.
 */
export function sniff(head: Buffer, told: string | null): string | null {
  const format = formats.find(({ matches }) => matches(head));
  if (!format) return told;
  const essence = told?.split(';')[0].trim().toLowerCase();
  return essence === format.mimeType || (essence && format.also?.test(essence)) ? told : format.mimeType;
}
