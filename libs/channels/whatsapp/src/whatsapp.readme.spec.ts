import { describeReadme } from '@omni-hub/channel-testing';
import { join } from 'node:path';
import { whatsappChannel } from './whatsapp.channel';

describeReadme(whatsappChannel, join(__dirname, '../README.md'));
