import * as fc from 'fast-check';
import { asCount, asInteger, asList, asNumber, asObject, asObjects, asText } from './unchecked';

describe('readers of what a platform sent', () => {
  it('take what it is', () => {
    expect(asObject({ a: 1 })).toEqual({ a: 1 });
    expect(asList([1])).toEqual([1]);
    expect(asObjects([{ a: 1 }, 2, null, [3]])).toEqual([{ a: 1 }]);
    expect(asText('hi')).toBe('hi');
    expect(asNumber(1.5)).toBe(1.5);
    expect(asInteger(-2)).toBe(-2);
    expect(asCount(0)).toBe(0);
  });

  it.each([
    [asObject, [], 'text', 1, null, undefined],
    [asText, '', 1, {}, null],
    [asNumber, NaN, Infinity, '1', null],
    [asInteger, 1.5, 2 ** 53, '1'],
    [asCount, -1, 1.5, '1'],
  ] as [(value: unknown) => unknown, ...unknown[]][])('leave aside what it is not', (read, ...values) => {
    for (const value of values) expect(read(value)).toBeNull();
  });

  it('never fail', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const read of [asObject, asList, asObjects, asText, asNumber, asInteger, asCount]) read(value);
      }),
    );
  });
});
