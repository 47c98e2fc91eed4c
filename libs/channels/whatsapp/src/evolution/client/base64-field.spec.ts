import { UnreachableError } from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Base64Field } from './base64-field';

function read(json: string, chunk = json.length || 1): Promise<Buffer> {
  const bytes = Buffer.from(json);
  const pieces = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) =>
    bytes.subarray(index * chunk, (index + 1) * chunk),
  );
  return buffer(Readable.from(pieces).pipe(new Base64Field()));
}

describe('the field base64', () => {
  it('is read out of any object, in whatever pieces it comes', async () => {
    const chunk = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array(),
        fc.string(),
        chunk,
        fc.constantFrom(undefined, 2),
        async (bytes, caption, size, indent) => {
          const base64 = Buffer.from(bytes).toString('base64');
          const json = JSON.stringify(
            { caption: `${caption}"base64":"QUJD"`, base64, buffer: null },
            null,
            indent,
          );
          expect(await read(json, size)).toEqual(Buffer.from(bytes));
        },
      ),
    );
  });

  it('may have its slashes escaped', async () => {
    const bytes = Buffer.from([0xff, 0xff, 0xff, 0xfe]);
    const json = JSON.stringify({ base64: bytes.toString('base64') }).replaceAll('/', '\\/');
    for (const chunk of [1, 2, 3, 64]) expect(await read(json, chunk)).toEqual(bytes);
  });

  it.each(['', '{}', '{"base64":null}', '{"base64":""}', '{"mimetype":"image/png"}', 'no JSON'])(
    'is nothing in %s',
    async (json) => {
      expect(await read(json, 3)).toHaveLength(0);
    },
  );

  it('that is cut off is a failure of the way', async () => {
    await expect(read('{"base64":"QUJDRE')).rejects.toThrow(UnreachableError);
  });
});
