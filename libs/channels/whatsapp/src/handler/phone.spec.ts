import fc from 'fast-check';
import { canonicalPhone } from './phone';

describe('a phone number', () => {
  it.each([
    ['551187654321', '5511987654321', 'Brazil, an account from before the ninth digit'],
    ['5511987654321', '5511987654321', 'Brazil'],
    ['551133334444', '551133334444', 'Brazil, a landline'],
    ['5215512345678', '525512345678', 'Mexico, with the mobile prefix of old'],
    ['525512345678', '525512345678', 'Mexico'],
    ['5491123456789', '541123456789', 'Argentina, as it is dialled from abroad'],
    ['541123456789', '541123456789', 'Argentina'],
    ['16505551234', '16505551234', 'any other country'],
    ['4930123456', '4930123456', 'any other length'],
  ])('%s is filed as %s: %s', (digits, expected) => expect(canonicalPhone(digits)).toBe(expected));

  it('is filed as the same however often it is asked', () => {
    const beginning = fc.constantFrom('', '55', '5511', '52', '521', '54', '549', '1');
    const digits = fc.stringMatching(/^\d{4,12}$/);
    fc.assert(
      fc.property(beginning, digits, (start, rest) => {
        const once = canonicalPhone(start + rest);
        expect(canonicalPhone(once)).toBe(once);
      }),
    );
  });
});
