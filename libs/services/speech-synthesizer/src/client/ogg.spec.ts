import fc from 'fast-check';
import { isOggOpus } from './ogg';

const page = (content: string, segments = 1) =>
  Buffer.concat([
    Buffer.from('OggS'),
    Buffer.alloc(22),
    Buffer.from([segments]),
    Buffer.alloc(segments, content.length),
    Buffer.from(content),
  ]);

describe('an answer', () => {
  it.each([
    ['Opus in Ogg', page('OpusHead and more'), true],
    ['Vorbis in Ogg', page('\x01vorbis'), false],
    ['an MP3', Buffer.from('ID3\x03 and more than thirty characters of it'), false],
    ['a WAV', Buffer.from('RIFF....WAVEfmt and more than thirty characters of it'), false],
    ['cut off in its first page', page('OpusHead').subarray(0, 30), false],
    ['nothing', Buffer.alloc(0), false],
  ])('that is %s is told by its first page', (_what, bytes, expected) => {
    expect(isOggOpus(bytes)).toBe(expected);
  });

  it('is looked at whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(isOggOpus(Buffer.from(bytes))).toBe(false);
      }),
    );
  });
});
