import { secretFields, validateConfig } from '@omni-hub/channel-sdk';
import { TelegramConfig } from './config.models';

const token = '7777000:AAE-made_up-Token';
const valid = { token, webhookSecret: 'a-secret_1' };

describe('the settings of a bot', () => {
  it('need a token and a secret; the rest has defaults', () => {
    expect(validateConfig(TelegramConfig, valid)).toEqual({
      ...valid,
      mode: 'webhook',
      apiUrl: 'https://api.telegram.org',
      messagesPerSecond: 30,
    });
  });

  it('need no secret for polling', () => {
    expect(validateConfig(TelegramConfig, { token, mode: 'polling' }).webhookSecret).toBeUndefined();
  });

  it('hide the token and the secret', () => {
    expect(secretFields(TelegramConfig)).toEqual(['token', 'webhookSecret']);
  });

  it.each(['http://127.0.0.1:8081', 'http://telegram_bot_api:8081', 'https://tg.example.org/api'])(
    'take a Bot API server at %s',
    (apiUrl) => expect(validateConfig(TelegramConfig, { ...valid, apiUrl }).apiUrl).toBe(apiUrl),
  );

  it.each([
    ['token', 'nonsense'],
    ['token', 'abc:def'],
    ['token', `bot${token}`],
    ['webhookSecret', ''],
    ['webhookSecret', 'with space'],
    ['webhookSecret', 'a'.repeat(257)],
    ['mode', 'push'],
    ['apiUrl', 'api.telegram.org'],
    ['apiUrl', 'ftp://api.telegram.org'],
    ['messagesPerSecond', 0],
    ['messagesPerSecond', 1.5],
    ['other', 1],
  ])('refuse %s: %p, by its name', (field, value) => {
    expect(() => validateConfig(TelegramConfig, { ...valid, [field]: value })).toThrow(
      new RegExp(`^${field}: `),
    );
  });

  it('name every missing field', () => {
    expect(() => validateConfig(TelegramConfig, {})).toThrow(/token: .*webhookSecret: /);
  });
});
