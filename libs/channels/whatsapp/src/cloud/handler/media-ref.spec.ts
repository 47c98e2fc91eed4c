import fc from 'fast-check';
import { decodeMediaRef, encodeMediaRef } from './media-ref';

const text = fc.option(fc.string());

describe('a reference to a file', () => {
  it('comes back as it was', () => {
    const refs = fc.record({ id: fc.string({ minLength: 1 }), sha256: text, mimeType: text, filename: text });
    fc.assert(fc.property(refs, (ref) => expect(decodeMediaRef(encodeMediaRef(ref))).toEqual(ref)));
  });

  it.each(['', 'nonsense', 'null', '{}', '{"id":7}', '{"id":""}', '[]'])('is refused where it is %j', (ref) =>
    expect(() => decodeMediaRef(ref)).toThrow(/names no file/),
  );
});
