import type { MediaPart, Part } from '@omni-hub/channel-sdk';
import { text } from 'node:stream/consumers';
import { withFiles, withNamedBytes } from './files';

const media = (source: object): MediaPart => ({
  type: 'media',
  kind: 'image',
  source: source as MediaPart['source'],
  mimeType: 'image/png',
  filename: 'a.png',
  caption: null,
});

describe('the files of a fixture', () => {
  it('are its bytes, or the address that stands for them', async () => {
    const { part, files } = withFiles({
      type: 'album',
      items: [media({ data: 'aGVsbG8=' }), media({ url: 'https://example.org/a.png' })],
    });
    expect(part).toMatchObject({
      items: [{ source: { mediaId: 'base64:aGVsbG8=' } }, { source: { url: expect.anything() } }],
    });
    expect(files).toMatchObject([
      { size: 5, mimeType: 'image/png', filename: 'a.png' },
      { size: 25, mimeType: 'image/png' },
    ]);
    for (let times = 0; times < 2; times++) {
      expect(await text(await files[0].open())).toBe('hello');
      expect(await text(await files[1].open())).toBe('https://example.org/a.png');
    }
  });

  it('have names by the time that content is planned', () => {
    const image = { type: 'image', data: 'aGVsbG8=', caption: 'hi' } as const;
    const named = { type: 'image', mediaId: 'base64:aGVsbG8=', caption: 'hi' };
    expect(withNamedBytes(image)).toEqual(named);
    expect(withNamedBytes({ type: 'album', items: [image] })).toEqual({ type: 'album', items: [named] });
    const text = { type: 'text', text: 'hi' } as const;
    expect(withNamedBytes(text)).toEqual(text);
  });

  it('are none where it sends no media', () => {
    const part: Part = { type: 'text', body: { text: 'hi', spans: [] }, buttons: [] };
    expect(withFiles(part)).toEqual({ part, files: [] });
  });
});
