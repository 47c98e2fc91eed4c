import { IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { Secret } from '@omni-hub/channel-sdk';

export class EchoAgentConfig {
  @IsIn(['echo']) kind: 'echo';
}

export class HttpAgentConfig {
  @IsIn(['http']) kind: 'http';

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  url: string;

  /** Sent as `Authorization: Bearer`. */
  @Secret()
  @IsOptional()
  @IsString()
  apiKey?: string;

  /** Signs requests by Standard Webhooks. */
  @Secret()
  @IsOptional()
  @Matches(/^whsec_[A-Za-z0-9+/=]{32,}$/, { message: 'must be whsec_ and at least 24 bytes in base64' })
  secret?: string;

  /** The longest that one attempt may take, milliseconds. */
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(600_000)
  timeoutMs?: number;
}

export type AgentConfig = EchoAgentConfig | HttpAgentConfig;
