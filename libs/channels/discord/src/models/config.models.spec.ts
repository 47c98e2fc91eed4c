import { secretFields, validateConfig } from '@omni-hub/channel-sdk';
import { DiscordConfig } from './config.models';

const valid = {
  token: 'MTQ1NzQ2OTQ4MzcyNjY2ODA0OA.GmadeUp.of-the_settings',
  applicationId: '1457469483726668048',
  publicKey: 'ab'.repeat(32),
};

describe('the settings of a bot', () => {
  it('need what the developer portal shows; the rest has defaults', () => {
    expect(validateConfig(DiscordConfig, valid)).toEqual({
      ...valid,
      mode: 'gateway',
      intents: 46593,
      apiUrl: 'https://discord.com/api',
    });
  });

  it('hide the token', () => expect(secretFields(DiscordConfig)).toEqual(['token']));

  it.each([
    ['token', 'nonsense'],
    ['token', `Bot ${valid.token}`],
    ['applicationId', '12'],
    ['applicationId', 1457469483726668],
    ['publicKey', 'ab'],
    ['publicKey', 'xy'.repeat(32)],
    ['mode', 'polling'],
    ['intents', -1],
    ['intents', '46593'],
    ['apiUrl', 'discord.com/api'],
    ['other', 1],
  ])('refuse %s: %p, by its name', (field, value) => {
    expect(() => validateConfig(DiscordConfig, { ...valid, [field]: value })).toThrow(
      new RegExp(`^${field}: `),
    );
  });

  it('name every missing field', () => {
    expect(() => validateConfig(DiscordConfig, {})).toThrow(/token: .*applicationId: .*publicKey: /);
  });
});
