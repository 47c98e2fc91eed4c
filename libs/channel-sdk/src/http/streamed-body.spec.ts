import fc from 'fast-check';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { UnreachableError } from '../errors/errors';
import { streamedBody } from './streamed-body';

const file = (chunks: Uint8Array[], size = chunks.reduce((sum, { length }) => sum + length, 0)) => ({
  size,
  open: () => Promise.resolve(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))),
});

describe('a streamed body', () => {
  it('is its texts and files in order, however the files come in pieces, and as long as it was told to be', async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.string({ unit: 'binary' }), fc.boolean(), async (bytes, text, base64) => {
        const { stream, length } = streamedBody([text, { file: file(bytes), base64 }, text]);
        const whole = Buffer.concat(bytes);
        const middle = base64 ? Buffer.from(whole.toString('base64')) : whole;
        const body = await buffer(stream);
        expect(body).toEqual(Buffer.concat([Buffer.from(text), middle, Buffer.from(text)]));
        expect(body.length).toBe(length);
      }),
      { numRuns: 50 },
    );
  });

  it('opens a file when its turn comes, and closes it when it is given up', async () => {
    const opened: Readable[] = [];
    let closed: () => void;
    const isClosed = new Promise<void>((resolve) => (closed = resolve));
    const endless = {
      size: 1e9,
      open: async () => {
        const stream = new Readable({ read: (size) => void opened.at(-1)?.push(Buffer.alloc(size)) });
        opened.push(stream.on('error', () => undefined).on('close', () => closed()));
        return stream;
      },
    };
    const { stream } = streamedBody(['first', { file: endless }]);
    expect(opened).toEqual([]);
    for await (const chunk of stream) if (opened.length > 0 && chunk.length > 0) break;
    await isClosed;
    expect(opened).toHaveLength(1);
  });

  it.each([
    ['is shorter than was told', file([Buffer.from('four')], 5)],
    ['is longer than was told', file([Buffer.from('four')], 3)],
    ['cannot be opened', { size: 1, open: () => Promise.reject(new Error('no such file')) }],
  ])('fails as something that never arrived where a file %s', async (_what, broken) => {
    await expect(buffer(streamedBody([{ file: broken }]).stream)).rejects.toBeInstanceOf(UnreachableError);
  });

  it('gives large files the time that they need on a slow line', () => {
    expect(streamedBody([{ file: file([], 50_000_000) }]).transferMs).toBe(200_000);
  });
});
