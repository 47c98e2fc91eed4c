import { describeRendering } from '@omni-hub/channel-testing';
import type { MessageEntity } from '@grammyjs/types';
import type { ChatId } from '@omni-hub/contracts';
import { telegramCapabilities } from './capabilities';
import { toCall } from './outbound';

interface Written {
  text: string;
  entities?: MessageEntity[];
}

describe('a text on Telegram', () => {
  describeRendering<Written>({
    handler: { capabilities: telegramCapabilities },
    write: (body) => {
      const part = { type: 'text' as const, body, buttons: [] };
      const { params } = toCall({ chat: 'telegram:4242' as ChatId, part, files: [], replyTo: null });
      return params as Written;
    },
    read: ({ text }) => text,
    lengthOf: ({ text }) => text.length,
    check: ({ text, entities = [] }) => {
      expect(entities.length).toBeLessThanOrEqual(100);
      for (const { offset, length } of entities) {
        expect(length).toBeGreaterThan(0);
        expect(offset + length).toBeLessThanOrEqual(text.length);
        expect(text.slice(offset, offset + length)).not.toMatch(loneSurrogate);
      }
    },
    signs: [
      '*',
      '_',
      '**',
      '__x__',
      '`',
      '[',
      '](',
      '<b>',
      '&amp;',
      '\\',
      '||',
      '~~',
      '>',
      '#',
      '@ada',
      '/start',
    ],
  });
});

/** https://core.telegram.org/bots/api#messageentity: offsets count UTF-16 code units, and must not cut a character. */
const loneSurrogate = /\p{Surrogate}/u;
