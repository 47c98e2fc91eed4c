import { describeReadme } from '@omni-hub/channel-testing';
import { join } from 'node:path';
import { discordChannel } from './discord.channel';

describeReadme(discordChannel, join(__dirname, '../README.md'));
