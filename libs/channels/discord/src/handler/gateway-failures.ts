import { ConfigError, UnauthorizedError, type SendError } from '@omni-hub/channel-sdk';
import { GatewayCloseCodes } from 'discord-api-types/v10';

/** Ends after which connecting again is useless, and what has to be done. */
const advice: Record<number, string> = {
  [GatewayCloseCodes.InvalidShard]:
    'Discord does not take the shard: connect the instance again, so that the number of shards is asked anew',
  [GatewayCloseCodes.ShardingRequired]:
    'the bot is in too many servers for the shards that it has: connect the instance again, so that their number is asked anew',
  [GatewayCloseCodes.InvalidAPIVersion]: 'Discord has ended this version of its gateway: update the hub',
  [GatewayCloseCodes.InvalidIntents]:
    'Discord does not know the intents: correct "intents", or leave it out for the default',
  [GatewayCloseCodes.DisallowedIntents]:
    'the bot asks for an intent that it was not granted: switch on Message Content (and Server Members or Presence where "intents" holds 2 or 256) in the developer portal, Bot, Privileged Gateway Intents, or take it out of "intents"',
};

/** What a close code of Discord's means where it is its last word; null where the bot connects again. */
export function fatal(code: number | null): SendError | null {
  if (code === null) return null;
  const details = { platformCode: String(code) };
  if (code === GatewayCloseCodes.AuthenticationFailed) {
    return new UnauthorizedError(
      'Discord refuses the token at its gateway: reset it in the developer portal, Bot, and give the instance the new one',
      details,
    );
  }
  const reason = advice[code];
  return reason === undefined
    ? null
    : new ConfigError(`Discord closed the gateway (${code}): ${reason}`, details);
}
