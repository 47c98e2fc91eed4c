import fc from 'fast-check';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { multipart, type FormFile } from './multipart';

const file = (bytes: Uint8Array, changes: Partial<FormFile> = {}): FormFile => ({
  size: bytes.length,
  mimeType: 'image/png',
  filename: 'dot.png',
  open: () => Promise.resolve(Readable.from([Buffer.from(bytes)])),
  ...changes,
});

async function parsed({ headers, stream }: ReturnType<typeof multipart>) {
  const body = await buffer(stream);
  expect(headers['content-length']).toBe(String(body.length));
  return new Response(body, { headers }).formData();
}

describe('a multipart form', () => {
  it('holds texts and files as they are, and tells its length beforehand', async () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ minLength: 1, maxLength: 300 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), value)), async (fields) => {
        const form = await parsed(
          multipart(fields.map(([name, it]) => [name, typeof it === 'string' ? it : file(it)])),
        );
        const read = await Promise.all(
          [...form].map(async ([name, it]) => [
            name,
            typeof it === 'string' ? it : new Uint8Array(await it.arrayBuffer()),
          ]),
        );
        expect(read).toEqual(
          fields.map(([name, it]) => [name, typeof it === 'string' ? wellFormed(it) : it]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('lets no name and no type break out of its header', async () => {
    const { stream } = multipart([
      ['a"\r\nx: y', file(Buffer.from('x'), { filename: 'b"\r\nx: y', mimeType: 'a/b\r\nx: y' })],
    ]);
    const head = (await buffer(stream)).toString();
    expect(head).toContain('name="a%22%0D%0Ax: y"; filename="b%22%0D%0Ax: y"');
    expect(head).toContain('content-type: application/octet-stream\r\n\r\nx\r\n');
  });
});

/** Lone surrogates have no UTF-8. */
const wellFormed = (text: string) => Buffer.from(text).toString();
