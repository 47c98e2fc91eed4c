import { describeReadme } from '@omni-hub/channel-testing';
import { join } from 'node:path';
import { slackChannel } from './slack.channel';

describeReadme(slackChannel, join(__dirname, '../README.md'));
