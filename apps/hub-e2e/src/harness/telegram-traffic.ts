import type { TelegramSimulator } from '@omni-hub/simulator';
import type { Post } from './load';
import type { FollowReplies } from './shown';
import { textUpdate, webhookSecret } from './world';

/** People who write on Telegram. */
export const telegramPost: Post = (chat, number, text) => ({
  body: JSON.stringify(textUpdate(1_000_000 + chat * 10_000 + number, chat, 10_000 + number, text)),
  headers: { 'x-telegram-bot-api-secret-token': webhookSecret },
});

/** What a bot shows. */
export const telegramReplies =
  (telegram: TelegramSimulator): FollowReplies =>
  (seen) =>
    telegram.watch((happening) => {
      if (happening.kind !== 'message' || !happening.entry.byBot) return;
      seen(happening.chat.id, happening.entry.message.text ?? '');
    });
