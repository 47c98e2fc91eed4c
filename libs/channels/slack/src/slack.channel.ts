import type { Channel } from '@omni-hub/channel-sdk';
import { slackCapabilities } from './handler/capabilities';
import { recipient } from './handler/ids';
import { SlackHandler } from './handler/slack.handler';
import { SlackConfig } from './models/config.models';

/** Slack by its Events API and its Web API: https://docs.slack.dev. */
export const slackChannel: Channel<SlackConfig> = {
  id: 'slack',
  title: 'Slack',
  configClass: SlackConfig,
  capabilities: { app: slackCapabilities },
  recipient,
  create: (config, tools) => new SlackHandler(config, tools),
};
