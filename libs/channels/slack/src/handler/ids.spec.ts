import { chatId, messageId, parseChat, parseMessage, recipient } from './ids';

describe('the ids of Slack', () => {
  it.each([
    ['a channel', chatId('C024BE91L'), { channel: 'C024BE91L', thread: null }],
    ['a thread', chatId('C024BE91L', '1.000100'), { channel: 'C024BE91L', thread: '1.000100' }],
    ['a person', 'slack:U061F7AUR', { user: 'U061F7AUR' }],
    ['a person of an Enterprise organization', 'slack:W012A3CDE', { user: 'W012A3CDE' }],
  ])('name %s and come back', (_what, id, address) => {
    expect(parseChat(id)).toEqual(address);
  });

  it('name a message and come back', () => {
    const id = messageId('D024BE91L', '1767574199.000100');
    expect(id).toBe('slack:D024BE91L:1767574199.000100');
    expect(parseMessage(id)).toEqual({ channel: 'D024BE91L', ts: '1767574199.000100' });
  });

  it.each([
    'slack:general',
    'slack:C1:thread:x',
    'slack:C1:topic:1.1',
    'slack:C1:thread:1.1:2',
    'telegram:C1',
  ])('refuse %s, which is no chat', (id) =>
    expect(() => parseChat(id)).toThrow(expect.objectContaining({ code: 'REJECTED' })),
  );

  it.each(['slack:C1', 'slack:C1:17', 'slack:C1:1.1:1'])('refuse %s, which is no message', (id) =>
    expect(() => parseMessage(id)).toThrow(expect.objectContaining({ code: 'REJECTED' })),
  );

  it.each([
    ['U061F7AUR', 'direct'],
    ['D024BE91L', 'direct'],
    ['C024BE91L', 'group'],
    ['C024BE91L:thread:1767574199.000100', 'thread'],
    ['D024BE91L:thread:1767574199.000100', 'direct'],
  ])('know whom %s means, with the prefix of the hub and without', (to, kind) =>
    expect([recipient(to), recipient(`slack:${to}`)]).toEqual(
      Array(2).fill({ id: `slack:${to}`, kind, title: null }),
    ),
  );

  it.each(['general', '#general', '+44 7700 900000', 'T061EG9R6'])('know that %s means nobody', (to) =>
    expect(recipient(to)).toBeNull(),
  );
});
