import { describeReadme } from '@omni-hub/channel-testing';
import { join } from 'node:path';
import { telegramChannel } from './telegram.channel';

describeReadme(telegramChannel, join(__dirname, '../README.md'));
