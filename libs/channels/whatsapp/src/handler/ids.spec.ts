import fc from 'fast-check';
import { addressId, directChat, fileId, isUserId, parseChat, recipient, type Handle } from './ids';

const digits = fc.stringMatching(/^[1-9]\d{5,14}$/);
const handle: fc.Arbitrary<Handle> = fc.oneof(
  fc.record({ kind: fc.constant('phone' as const), digits }),
  fc.record({ kind: fc.constant('lid' as const), digits }),
  fc.record({
    kind: fc.constant('user' as const),
    id: fc.stringMatching(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,30}$/),
  }),
  fc.record({ kind: fc.constant('group' as const), id: fc.string({ minLength: 1, maxLength: 40 }) }),
);

describe('ids', () => {
  it.each<[Handle, string]>([
    [{ kind: 'phone', digits: '5511987654321' }, 'whatsapp:5511987654321'],
    [{ kind: 'phone', digits: '551187654321' }, 'whatsapp:5511987654321'],
    [{ kind: 'lid', digits: '141000111222333' }, 'whatsapp:lid:141000111222333'],
    [{ kind: 'user', id: 'US.13491208655302' }, 'whatsapp:US.13491208655302'],
    [{ kind: 'group', id: '120363000001' }, 'whatsapp:group:120363000001'],
  ])('%j is filed as %s', (one, id) => expect(fileId(one)).toBe(id));

  it('say where to send, and come back as they were', () => {
    fc.assert(fc.property(handle, (one) => expect(parseChat(addressId(one))).toEqual(one)));
  });

  it('that are filed come back as what they are filed under', () => {
    fc.assert(fc.property(handle, (one) => expect(fileId(parseChat(fileId(one)))).toBe(fileId(one))));
  });

  it.each([
    'whatsapp:',
    'whatsapp:nobody',
    'whatsapp:lid:x',
    'whatsapp:group:',
    'whatsapp:1:2',
    'telegram:4242',
  ])('%s names no chat', (id) => expect(() => parseChat(id)).toThrow());

  it.each([
    ['US.13491208655302741918', true],
    ['US.ENT.11815799212886844830', true],
    ['us.1', false],
    ['USA.1', false],
    ['US.', false],
    ['US.1 2', false],
    [`US.${'1'.repeat(129)}`, false],
  ])('of the business: %s is one: %s', (id, expected) => expect(isUserId(id)).toBe(expected));
});

describe('a direct chat', () => {
  const phone: Handle = { kind: 'phone', digits: '551187654321' };
  const user: Handle = { kind: 'user', id: 'BR.2' };

  it('has the first id, the others beside it, and the number as the platform wrote it for answers', () => {
    expect(directChat([user, phone], phone, 'Ana')).toEqual({
      id: 'whatsapp:BR.2',
      kind: 'direct',
      title: 'Ana',
      aliases: ['whatsapp:5511987654321'],
      address: 'whatsapp:551187654321',
    });
  });

  it('says nothing twice', () => {
    expect(directChat([user, user], user, null)).toEqual({
      id: 'whatsapp:BR.2',
      kind: 'direct',
      title: null,
    });
  });
});

describe('a recipient', () => {
  it.each([
    ['+55 (11) 98765-4321', 'whatsapp:5511987654321'],
    ['5511987654321', 'whatsapp:5511987654321'],
    ['551187654321@s.whatsapp.net', 'whatsapp:5511987654321'],
    ['5511987654321:12@s.whatsapp.net', 'whatsapp:5511987654321'],
    ['5511987654321@c.us', 'whatsapp:5511987654321'],
    ['141000111222333@lid', 'whatsapp:lid:141000111222333'],
    ['120363000001@g.us', 'whatsapp:group:120363000001'],
    ['US.13491208655302', 'whatsapp:US.13491208655302'],
    ['whatsapp:US.13491208655302', 'whatsapp:US.13491208655302'],
    ['whatsapp:group:120363000001', 'whatsapp:group:120363000001'],
  ])('%s is %s', (to, id) => expect(recipient(to)?.id).toBe(id));

  it('is written to at the number as it was given', () =>
    expect(recipient('551187654321')?.address).toBe('whatsapp:551187654321'));

  it.each([
    '',
    'Ana',
    '@ana',
    '12345',
    'telegram:4242',
    'whatsapp:nobody',
    'x@s.whatsapp.net',
    '1'.repeat(16),
  ])('"%s" is nobody', (to) => expect(recipient(to)).toBeNull());

  it('never fails, whatever is written', () => {
    fc.assert(fc.property(fc.string(), (to) => expect(() => recipient(to)).not.toThrow()));
  });
});
