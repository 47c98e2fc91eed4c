import fc from 'fast-check';
import { RejectedError } from './errors/errors';
import { createIdCodec } from './ids';

const telegram = createIdCodec('telegram');

describe('createIdCodec', () => {
  it('puts the channel before the native ids', () => {
    expect(telegram.encode(4242, 17)).toBe('telegram:4242:17');
    expect(telegram.decode('telegram:-100123:17')).toEqual(['-100123', '17']);
  });

  it('finds the same parts again, whatever they hold', () => {
    const parts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(':', '%', '%3A', '%25')), {
      minLength: 1,
    });
    fc.assert(
      fc.property(parts, (native) => {
        expect(telegram.decode(telegram.encode(...native))).toEqual(native);
      }),
    );
  });

  it('makes different ids of different parts', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(telegram.encode(...one)).not.toBe(telegram.encode(...other));
      }),
    );
  });

  it.each(['discord:1', 'telegramx:1', 'telegram', '4242', ''])(
    'refuses "%s", an id of another channel',
    (id) => {
      expect(() => telegram.decode(id)).toThrow(RejectedError);
    },
  );
});
