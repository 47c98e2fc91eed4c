import { discordChannel } from '@omni-hub/channel-discord';
import { slackChannel } from '@omni-hub/channel-slack';
import { telegramChannel } from '@omni-hub/channel-telegram';
import { whatsappChannel } from '@omni-hub/channel-whatsapp';
import type { Channel } from '@omni-hub/channel-sdk';

/** Every channel that ships with the hub. `nx generate channel` adds a line here; nothing else in the hub names a channel. */
export const channelRegistry: readonly Channel[] = [
  telegramChannel as Channel,
  whatsappChannel as Channel,
  discordChannel as Channel,
  slackChannel as Channel,
];
