import { sniff } from './sniff';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const boxed = (brand: string) => bytes(`\0\0\0\x20ftyp${brand}\0\0\0\0`);
const zip = bytes('PK\x03\x04\x14\0');
const ogg = bytes('OggS\0\x02');

describe('the type of a file', () => {
  it.each([
    ['a JPEG', bytes('\xff\xd8\xff\xe0\0\x10JFIF'), 'image/jpeg'],
    ['a PNG', bytes('\x89PNG\r\n\x1a\n'), 'image/png'],
    ['a GIF', bytes('GIF89a'), 'image/gif'],
    ['a WebP', bytes('RIFF\x10\0\0\0WEBPVP8 '), 'image/webp'],
    ['a PDF', bytes('%PDF-1.7'), 'application/pdf'],
    ['an Ogg', ogg, 'audio/ogg'],
    ['a WAV', bytes('RIFF\x10\0\0\0WAVEfmt '), 'audio/wav'],
    ['an AMR', bytes('#!AMR\n'), 'audio/amr'],
    ['an MP3 with tags', bytes('ID3\x04\0'), 'audio/mpeg'],
    ['an MP3 without', bytes('\xff\xfb\x90\x44'), 'audio/mpeg'],
    ['an AAC', bytes('\xff\xf1\x50\x80'), 'audio/aac'],
    ['an MP4', boxed('isom'), 'video/mp4'],
    ['an M4A', boxed('M4A '), 'audio/mp4'],
    ['a 3GP', boxed('3gp4'), 'video/3gpp'],
    ['a QuickTime film', boxed('qt  '), 'video/quicktime'],
    ['a HEIC', boxed('heic'), 'image/heic'],
    ['an AVIF', boxed('avif'), 'image/avif'],
    ['a WebM', bytes('\x1a\x45\xdf\xa3'), 'video/webm'],
    ['a ZIP', zip, 'application/zip'],
  ])('is that of %s by its first bytes, whatever the platform says', (_name, head, mimeType) => {
    expect(sniff(head, null)).toBe(mimeType);
    expect(sniff(head, 'text/html')).toBe(mimeType);
    expect(sniff(head, 'application/octet-stream')).toBe(mimeType);
  });

  it.each([
    ['a voice message', ogg, 'audio/ogg; codecs=opus'],
    ['sound in an MP4', boxed('isom'), 'audio/mp4'],
    ['sound in a 3GP', boxed('3gp4'), 'audio/3gpp'],
    ['sound in a WebM', bytes('\x1a\x45\xdf\xa3'), 'audio/webm'],
    ['a Word document', zip, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['a book', zip, 'application/epub+zip'],
  ])('is the platform’s where that is the better name: %s', (_name, head, told) => {
    expect(sniff(head, told)).toBe(told);
  });

  it.each([
    ['text', bytes('hello'), 'text/plain'],
    ['a few bytes', bytes('\xff'), 'application/octet-stream'],
    ['nothing known at all', bytes('\0\0'), null],
  ])('is what the platform says where the bytes do not tell: %s', (_name, head, told) => {
    expect(sniff(head, told)).toBe(told);
  });
});
