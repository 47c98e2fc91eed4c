import type { Channel } from '@omni-hub/channel-sdk';
import { maxTextLength, TelegramHandler } from './handler/telegram.handler';
import { TelegramConfig } from './models/config.models';

/** Telegram by its Bot API: https://core.telegram.org/bots/api. */
export const telegramChannel: Channel<TelegramConfig> = {
  id: 'telegram',
  title: 'Telegram',
  configClass: TelegramConfig,
  capabilities: {
    content: {
      text: 'native',
      image: 'native',
      video: 'native',
      audio: 'native',
      voice: 'native',
      document: 'native',
      sticker: 'native',
      album: 'native',
      location: 'native',
      contact: 'native',
      poll: 'native',
      buttons: 'native',
      list: 'native',
      template: 'unsupported',
      reaction: 'native',
      edit: 'native',
      delete: 'native',
    },
    maxTextLength,
    maxCaptionLength: 1024,
    textUnit: 'utf16',
    maxActionIdBytes: 64,
    maxAlbumItems: 10,
    idempotentSend: false,
    abilities: {
      receive: true,
      listen: true,
      typing: true,
      markRead: false,
      edit: true,
      delete: true,
      react: true,
      preview: true,
      acknowledge: true,
      fetchMedia: true,
      install: true,
      uninstall: true,
      probe: true,
      link: false,
    },
  },
  create: (config, tools) => new TelegramHandler(config, tools),
};
