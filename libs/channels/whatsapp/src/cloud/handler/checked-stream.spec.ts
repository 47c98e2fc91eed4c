import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { checked, sha256Of } from './checked-stream';

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

describe('a file as it is fetched', () => {
  it('is the same bytes, whatever they are and however they come', async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const whole = Buffer.concat(parts);
        const source = Readable.from(parts.map((part) => Buffer.from(part)));
        const stream = checked(source, { size: whole.length, sha256: sha256(whole) });
        expect(await buffer(stream)).toEqual(whole);
      }),
    );
  });

  it.each([
    ['of 0 bytes', '', { size: null, sha256: null }, /0 bytes/],
    ['shorter than it should be', 'abc', { size: 4, sha256: null }, /3 bytes, and WhatsApp says 4/],
    ['longer than it should be', 'abcde', { size: 4, sha256: null }, /5 bytes/],
    ['other than it was sent', 'abcd', { size: 4, sha256: sha256(Buffer.from('abce')) }, /SHA-256/],
  ])('ends as refused where it is %s', async (_, data, expected, message) => {
    const reading = buffer(checked(Readable.from([Buffer.from(data)]), expected));
    await expect(reading).rejects.toMatchObject({ code: 'REJECTED' });
    await expect(reading).rejects.toThrow(message);
  });

  it('ends as unreachable where the connection breaks', async () => {
    const source = new PassThrough();
    const reading = buffer(checked(source, { size: null, sha256: null }));
    source.write('abc');
    source.destroy(new Error('reset'));
    await expect(reading).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
  });

  it('is let go of when nobody reads on', async () => {
    const source = new PassThrough();
    const stream = checked(source, { size: null, sha256: null });
    stream.destroy();
    await once(source, 'close');
    expect(source.destroyed).toBe(true);
  });
});

describe('a digest', () => {
  const digest = createHash('sha256').update('hello').digest();

  it.each([
    [digest.toString('base64'), digest.toString('hex')],
    [digest.toString('hex').toUpperCase(), digest.toString('hex')],
    ['4654+8g=', null],
    ['', null],
    [null, null],
  ])('%s is %s', (text, expected) => expect(sha256Of(text)).toBe(expected));
});
