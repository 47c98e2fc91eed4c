import { About, Secret } from '@omni-hub/channel-sdk';
import { IsIn, IsInt, IsOptional, IsUrl, Matches, Max, Min, ValidateIf } from 'class-validator';

/** How updates come in: Telegram calls the hub, or the hub asks Telegram. A bot can have one of the two at a time. */
export type TelegramMode = 'webhook' | 'polling';

/** The settings of one bot. */
export class TelegramConfig {
  @About('From @BotFather.')
  @Secret()
  @Matches(/^\d+:[A-Za-z0-9_-]+$/, {
    message:
      'token must be a bot token as @BotFather gives it, for example 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw',
  })
  token: string;

  @About(
    'Sent by Telegram with every webhook request: https://core.telegram.org/bots/api#setwebhook. ' +
      'Needed by mode `webhook` only.',
  )
  @Secret()
  @ValidateIf((config: TelegramConfig) => config.mode !== 'polling' || config.webhookSecret !== undefined)
  @Matches(/^[A-Za-z0-9_-]{1,256}$/, {
    message: 'webhookSecret must be 1 to 256 characters of A-Z, a-z, 0-9, "_" and "-"',
  })
  webhookSecret?: string;

  @IsIn(['webhook', 'polling'])
  mode: TelegramMode = 'webhook';

  @About("Another address for a Bot API server of one's own.")
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_underscores: true },
    { message: 'apiUrl must be an http(s) address, for example https://api.telegram.org' },
  )
  apiUrl: string = 'https://api.telegram.org';

  @About(
    'Sends of the whole bot in a second: 30 by ' +
      'https://core.telegram.org/bots/faq#broadcasting-to-users, more with a paid limit.',
  )
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  messagesPerSecond: number = 30;
}
