/**
 * The digits under which somebody is found, whichever form of the number is used: WhatsApp reaches Brazilian accounts with and
 * without the ninth digit, Mexican ones with and without the 1, Argentine ones with and without the 9.
 */
export function phoneKey(digits: string): string {
  if (/^55\d{2}9[6-9]\d{7}$/.test(digits)) return digits.slice(0, 4) + digits.slice(5);
  if (/^(521|549)\d{10}$/.test(digits)) return digits.slice(0, 2) + digits.slice(3);
  return digits;
}
