import { Secret } from '@omni-hub/channel-sdk';
import { IsInt, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';

/** Which service transcribes, and how much it may cost. */
export class TranscriberConfig {
  /** Its address, with or without `/v1` at the end. */
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_underscores: true },
    { message: 'url must be an http(s) address, for example https://api.openai.com' },
  )
  url: string;

  /** Sent as `Authorization: Bearer`. Servers of one's own often need none. */
  @Secret()
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,1024}$/, { message: 'apiKey must be 1 to 1024 characters without blanks' })
  apiKey?: string;

  @Matches(/^[^\r\n]{1,200}$/, { message: 'model must be the name of a model, for example whisper-1' })
  model: string = 'whisper-1';

  /** For one transcript with all its attempts and the pauses between them, milliseconds. */
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  budgetMs: number = 120_000;

  /** The longest recording that is sent, in bytes. OpenAI takes 25 MB: https://platform.openai.com/docs/guides/speech-to-text */
  @IsInt()
  @Min(1)
  maxBytes: number = 25_000_000;
}
