import { RejectedError } from '@omni-hub/channel-sdk';
import {
  chatId,
  contactId,
  guildChatId,
  messageId,
  parseChannel,
  parseChat,
  parseMessage,
  recipient,
} from './ids';

const snowflake = '1457510428359004343';

describe('an id', () => {
  it('is made of snowflakes, which stay texts', () => {
    expect(chatId(snowflake)).toBe(`discord:${snowflake}`);
    expect(messageId(snowflake, '1457536551830421524')).toBe(`discord:${snowflake}:1457536551830421524`);
    expect(contactId(snowflake)).toBe(`discord:${snowflake}`);
    expect(guildChatId(snowflake)).toBe(`discord:guild:${snowflake}`);
  });

  it('is read back', () => {
    expect(parseChat(`discord:${snowflake}`)).toEqual({ channel: snowflake });
    expect(parseChat('discord:user:4242')).toEqual({ user: '4242' });
    expect(parseMessage(`discord:${snowflake}:17`)).toEqual({ channel: snowflake, message: '17' });
  });

  it.each([
    ['discord:general', /discord:<channel id>/],
    ['discord:1:2', /discord:<channel id>/],
    ['discord:user:ada', /discord:user:<user id>/],
    ['discord:guild:1', /one of its channels/],
    ['telegram:1', /discord:/],
  ])('%s is no chat', (id, advice) => {
    expect(() => parseChat(id)).toThrow(RejectedError);
    expect(() => parseChat(id)).toThrow(advice);
  });

  it('of a person has no channel before something was sent', () => {
    expect(() => parseChannel('discord:user:4242')).toThrow(/send a message/);
  });

  it.each(['discord:1', 'discord:1:a', 'discord:1:2:3', 'discord:user:1'])('%s is no message', (id) => {
    expect(() => parseMessage(id)).toThrow(RejectedError);
  });
});

describe('a recipient', () => {
  it.each([
    [snowflake, { id: `discord:${snowflake}`, kind: 'group', title: null }],
    [`discord:${snowflake}`, { id: `discord:${snowflake}`, kind: 'group', title: null }],
    [`discord:user:${snowflake}`, { id: `discord:user:${snowflake}`, kind: 'direct', title: null }],
    [`user:${snowflake}`, { id: `discord:user:${snowflake}`, kind: 'direct', title: null }],
    ['ada', null],
    ['discord:ada', null],
    ['+4930123456', null],
    [`telegram:${snowflake}`, null],
    [`discord:guild:${snowflake}`, null],
  ])('%s is %p', (to, expected) => expect(recipient(to)).toEqual(expected));
});
