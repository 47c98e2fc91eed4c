import fc from 'fast-check';
import { readParams } from './params';

const read = (contentType: string, body: string | Buffer, query = '') =>
  readParams(query, contentType, Buffer.from(body));

describe('Parameters', () => {
  it('mean the same in the query, in JSON, in a form and in a multipart form', async () => {
    const markup = { inline_keyboard: [] };
    const fields = { chat_id: '7', flag: 'true', reply_markup: JSON.stringify(markup) };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const multipart = new Response(form);
    const ways = [
      readParams(String(new URLSearchParams(fields)), undefined, Buffer.alloc(0)),
      read('application/json', JSON.stringify({ chat_id: 7, flag: true, reply_markup: markup })),
      read('application/x-www-form-urlencoded', String(new URLSearchParams(fields))),
      read(multipart.headers.get('content-type')!, Buffer.from(await multipart.arrayBuffer())),
    ];
    for (const params of ways) {
      expect(params.integer('chat_id')).toBe(7);
      expect(params.text('chat_id')).toBe('7');
      expect(params.flag('flag')).toBe(true);
      expect(params.json('reply_markup')).toEqual(markup);
      expect(params.has('absent')).toBe(false);
    }
  });

  it('any file comes out of a multipart form as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'grapheme' }),
        async (bytes, caption) => {
          const form = new FormData();
          form.append('caption', caption);
          form.append('photo', new Blob([Buffer.from(bytes)], { type: 'image/png' }), 'a.png');
          const sent = new Response(form);
          const body = Buffer.from(await sent.arrayBuffer());
          const params = read(sent.headers.get('content-type')!, body);
          expect(params.files.get('photo')).toEqual({
            filename: 'a.png',
            contentType: 'image/png',
            bytes: Buffer.from(bytes),
          });
          expect(params.text('caption')).toBe(caption.replace(/\r\n?|\n/g, '\r\n'));
        },
      ),
    );
  });

  it.each([
    ['application/json', '[]'],
    ['application/json', '{"half'],
    ['multipart/form-data', 'x'],
    ['multipart/form-data; boundary=b', 'no boundary in here'],
    ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\nnever ends'],
  ])('what is not readable as %s is refused', (contentType, body) => {
    expect(() => read(contentType, body)).toThrow(/^Bad Request: can't parse/);
  });

  it('an object that is no JSON is refused by its name', () => {
    const params = read('application/json', '{"reply_markup": "{oops", "media": "5"}');
    expect(() => params.json('reply_markup')).toThrow("Bad Request: can't parse reply markup JSON object");
    expect(() => params.json('media')).toThrow('Bad Request: object expected as media');
  });
});
