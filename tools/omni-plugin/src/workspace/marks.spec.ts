import { insertBefore, insertBehind } from './marks';

describe('text beside a mark', () => {
  it('is put before or behind it', () => {
    expect(insertBefore('a b c', 'x ', 'b')).toBe('a x b c');
    expect(insertBehind('a b c', ' x', 'b')).toBe('a b x c');
  });

  it('is put nowhere where the mark is missing, or is no single place', () => {
    expect(() => insertBefore('a b c', 'x', 'd')).toThrow(
      '"d", beside which something has to be put, is not there',
    );
    expect(() => insertBehind('a b b', 'x', 'b')).toThrow('is there 2 times');
  });
});
