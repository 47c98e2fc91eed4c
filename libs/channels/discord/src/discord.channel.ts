import type { Channel } from '@omni-hub/channel-sdk';
import { discordCapabilities } from './handler/capabilities';
import { DiscordHandler } from './handler/discord.handler';
import { recipient } from './handler/ids';
import { DiscordConfig } from './models/config.models';

/** Discord by its gateway, its interactions and its REST API: https://docs.discord.com/developers. */
export const discordChannel: Channel<DiscordConfig> = {
  id: 'discord',
  title: 'Discord',
  configClass: DiscordConfig,
  capabilities: { bot: discordCapabilities },
  recipient,
  create: (config, tools) => new DiscordHandler(config, tools),
};
