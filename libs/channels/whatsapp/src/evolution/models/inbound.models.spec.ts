import fc from 'fast-check';
import { asBytes, asInstant, asLong, asTime } from './inbound.models';

const halves = (value: number) => ({
  low: value % 0x1_0000_0000 | 0,
  high: Math.floor(value / 0x1_0000_0000),
  unsigned: true,
});

describe('a 64-bit number', () => {
  it('is the same in every form in which versions write it', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(asLong(value)).toBe(value);
        expect(asLong(String(value))).toBe(value);
        expect(asLong(halves(value))).toBe(value);
      }),
    );
  });

  it.each([
    -1,
    1.5,
    NaN,
    '12a',
    '-3',
    '',
    null,
    undefined,
    true,
    [],
    {},
    { low: 1 },
    { low: 0, high: 0x7fffffff },
  ])('is none where it is %j', (value) => expect(asLong(value)).toBeNull());
});

describe('a time', () => {
  it('is in milliseconds, and 0 where nothing says when', () => {
    expect(asTime('1767225600')).toBe(1767225600000);
    expect(asTime(halves(1767225600))).toBe(1767225600000);
    expect(asTime('2026-01-01T00:00:00Z')).toBe(0);
    expect(asTime(Number.MAX_SAFE_INTEGER)).toBe(0);
    expect(asInstant('1767225600000')).toBe(1767225600000);
    expect(asInstant(Number.MAX_SAFE_INTEGER)).toBeNull();
    expect(asInstant(0)).toBeNull();
  });
});

describe('bytes', () => {
  it('are the same in every form in which versions write them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3, maxLength: 64 }), (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        expect(asBytes(base64)).toBe(base64);
        expect(asBytes({ ...bytes })).toBe(base64);
        expect(asBytes({ type: 'Buffer', data: [...bytes] })).toBe(base64);
        expect(asBytes([...bytes])).toBe(base64);
      }),
    );
  });

  it.each([null, 7, '', 'no base64!', {}, [], [256], [-1], { a: 'x' }, Array(65).fill(1)])(
    'are none where it is %j',
    (value) => expect(asBytes(value)).toBeNull(),
  );
});
