import { secretFields, validateConfig, type ConfigValidationError } from '@omni-hub/channel-sdk';
import { SlackConfig } from './config.models';

const problemsOf = (config: object) => {
  try {
    validateConfig(SlackConfig, config);
    return [];
  } catch (error) {
    return (error as ConfigValidationError).problems.map(({ field }) => field);
  }
};

describe('the settings of a Slack app', () => {
  it('are its token and its signing secret; the API is Slack’s own', () => {
    const config = validateConfig(SlackConfig, {
      botToken: 'made-up-token',
      signingSecret: 'made-up-secret',
    });
    expect(config.apiUrl).toBe('https://slack.com/api');
  });

  it('are both secret', () => expect(secretFields(SlackConfig)).toEqual(['botToken', 'signingSecret']));

  it.each([
    ['nothing', {}, ['botToken', 'signingSecret']],
    ['blanks in the token', { botToken: 'made up token', signingSecret: 'made-up-secret' }, ['botToken']],
    [
      'an address that is none',
      { botToken: 'made-up-token', signingSecret: 'made-up-secret', apiUrl: 'slack' },
      ['apiUrl'],
    ],
  ])('are refused with %s', (_what, config, fields) => expect(problemsOf(config)).toEqual(fields));
});
