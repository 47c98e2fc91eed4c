import type { Channel } from '@omni-hub/channel-sdk';
import { telegramCapabilities } from './handler/capabilities';
import { TelegramHandler } from './handler/telegram.handler';
import { TelegramConfig } from './models/config.models';

/** Telegram by its Bot API: https://core.telegram.org/bots/api. */
export const telegramChannel: Channel<TelegramConfig> = {
  id: 'telegram',
  title: 'Telegram',
  configClass: TelegramConfig,
  capabilities: { bot: telegramCapabilities },
  create: (config, tools) => new TelegramHandler(config, tools),
};
