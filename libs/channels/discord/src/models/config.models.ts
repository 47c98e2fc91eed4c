import { About, Secret } from '@omni-hub/channel-sdk';
import { IsIn, IsInt, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';

/**
 * Where events come from: the gateway alone, interactions by webhook alone, or messages from the gateway and interactions by
 * webhook. Discord sends interactions one way only, by webhook as soon as the application has an address for them.
 */
export type DiscordMode = 'gateway' | 'interactions' | 'both';

/** GUILDS, GUILD_MESSAGES, GUILD_MESSAGE_REACTIONS, DIRECT_MESSAGES, DIRECT_MESSAGE_REACTIONS and MESSAGE_CONTENT. */
export const defaultIntents = 1 | (1 << 9) | (1 << 10) | (1 << 12) | (1 << 13) | (1 << 15);

/** The settings of one bot. */
export class DiscordConfig {
  @About("From the developer portal: Bot, Reset Token. Its first part is the bot's id in base64.")
  @Secret()
  @Matches(/^[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, {
    message: 'token must be a bot token as the developer portal shows it after Bot, Reset Token',
  })
  token: string;

  @About('From the developer portal: General Information, Application ID.')
  @Matches(/^\d{17,20}$/, { message: 'applicationId must be the Application ID of the developer portal' })
  applicationId: string;

  @About(
    'From the developer portal: General Information, Public Key. Proves interactions that come by ' +
      'webhook.',
  )
  @Matches(/^[0-9a-f]{64}$/i, {
    message: 'publicKey must be the Public Key of the developer portal: 64 hexadecimal digits',
  })
  publicKey: string;

  @IsIn(['gateway', 'interactions', 'both'])
  mode: DiscordMode = 'gateway';

  @About('What the gateway is asked for: https://docs.discord.com/developers/events/gateway#gateway-intents.')
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(2 ** 31 - 1)
  intents: number = defaultIntents;

  @About('Another address for a simulator or a proxy.')
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_underscores: true },
    { message: 'apiUrl must be an http(s) address, for example https://discord.com/api' },
  )
  apiUrl: string = 'https://discord.com/api';
}
