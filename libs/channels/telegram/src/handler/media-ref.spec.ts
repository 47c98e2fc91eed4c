import { RejectedError } from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { decodeMediaRef, encodeMediaRef } from './media-ref';

describe('the reference of a file at Telegram', () => {
  it('keeps what getFile may have lost', () => {
    const text = fc.option(fc.string({ unit: 'grapheme' }));
    const ref = fc.record({ fileId: fc.string({ minLength: 1 }), mimeType: text, filename: text });
    fc.assert(fc.property(ref, (media) => expect(decodeMediaRef(encodeMediaRef(media))).toEqual(media)));
  });

  it.each(['', 'AgADAgAD', '{}', 'null', '7', '[]', '{"fileId":""}', '{"fileId":7}'])(
    'is refused when it is %j',
    (ref) => {
      expect(() => decodeMediaRef(ref)).toThrow(RejectedError);
    },
  );
});
