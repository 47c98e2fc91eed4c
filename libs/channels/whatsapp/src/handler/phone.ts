/**
 * The one form under which a phone number is filed, of the several that WhatsApp uses for the same person. Only digits go in and
 * come out. Messages are sent to the form that was last seen, never to this one. Pure.
 *
 * - Brazil: accounts from before the ninth digit have kept their old number; filed with the ninth digit.
 * - Mexico: 521 and ten digits, a mobile prefix that was given up; filed without the 1.
 * - Argentina: 549 and ten digits abroad, 54 at home; filed without the 9.
 */
export function canonicalPhone(digits: string): string {
  if (/^55\d{2}[6-9]\d{7}$/.test(digits)) return `${digits.slice(0, 4)}9${digits.slice(4)}`;
  if (/^(521|549)\d{10}$/.test(digits)) return digits.slice(0, 2) + digits.slice(3);
  return digits;
}
