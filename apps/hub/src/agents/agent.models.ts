import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { About, Secret } from '@omni-hub/channel-sdk';

const webUrl = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
const named = /^[^\s/?#]{1,200}$/;
const isNamed = { message: 'must be 1 to 200 characters without spaces and slashes' };

export class EchoAgentConfig {
  @IsIn(['echo']) kind: 'echo';
}

/** What every agent that is asked over HTTP has. */
class RemoteAgentConfig {
  @IsUrl(webUrl)
  url: string;

  @About('The longest that one attempt may take, milliseconds.')
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(600_000)
  timeoutMs?: number;
}

class KeyedAgentConfig extends RemoteAgentConfig {
  @About('How the hub shows that it may ask.')
  @Secret()
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  apiKey?: string;
}

/** How much of a chat's past goes along with a turn. */
export class HistoryConfig {
  @About('The last messages before the turn; 0 for none.')
  @IsInt()
  @Min(0)
  @Max(200)
  messages: number;

  @About('Of those the newest that are not longer together.')
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200_000)
  characters?: number;
}

export class HttpAgentConfig extends KeyedAgentConfig {
  @IsIn(['http']) kind: 'http';

  @About('Signs requests by Standard Webhooks.')
  @Secret()
  @IsOptional()
  @Matches(/^whsec_[A-Za-z0-9+/=]{32,}$/, { message: 'must be whsec_ and at least 24 bytes in base64' })
  secret?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => HistoryConfig)
  history?: HistoryConfig;
}

export class OpenaiAgentConfig extends KeyedAgentConfig {
  @IsIn(['openai']) kind: 'openai';

  @IsString()
  @Matches(/\S/, { message: 'must name a model' })
  @MaxLength(200)
  model: string;

  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  systemPrompt?: string;

  @IsOptional()
  @IsBoolean()
  stream?: boolean;

  @About('Shows images to the model, by their links.')
  @IsOptional()
  @IsBoolean()
  images?: boolean;

  @About('The last messages before the turn that go along; 0 for none.')
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(200)
  historyMessages?: number;

  @About('Of those the newest that are not longer together.')
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200_000)
  historyCharacters?: number;
}

export class AutomagikAgentConfig extends RemoteAgentConfig {
  @IsIn(['automagik']) kind: 'automagik';

  @Secret()
  @IsString()
  @Matches(/\S/, { message: 'must be the key that Automagik expects as x-api-key' })
  @MaxLength(4_000)
  apiKey: string;

  @About("The agent's name there.")
  @Matches(named, isNamed)
  agent: string;
}

@ValidatorConstraint({ name: 'oneTarget' })
class OneTarget implements ValidatorConstraintInterface {
  validate(_value: unknown, { object }: ValidationArguments): boolean {
    const { agentId, teamId } = object as HiveAgentConfig;
    return [agentId, teamId].filter((id) => typeof id === 'string' && named.test(id)).length === 1;
  }

  defaultMessage(): string {
    return 'must name the agent, or teamId the team: one of them, without spaces and slashes';
  }
}

export class HiveAgentConfig extends KeyedAgentConfig {
  @IsIn(['hive']) kind: 'hive';

  @About('The agent that runs; a team does where `teamId` is given instead.')
  @ValidateIf(({ agentId, teamId }: HiveAgentConfig) => agentId !== undefined || teamId === undefined)
  @Validate(OneTarget)
  agentId?: string;

  @IsOptional()
  @Matches(named, isNamed)
  teamId?: string;

  @IsOptional()
  @IsBoolean()
  stream?: boolean;
}

export type AgentConfig =
  | EchoAgentConfig
  | HttpAgentConfig
  | OpenaiAgentConfig
  | AutomagikAgentConfig
  | HiveAgentConfig;
