import { Secret } from '@omni-hub/channel-sdk';
import { IsInt, IsOptional, IsUrl, Matches, Max, Min } from 'class-validator';

/** Which service speaks, and how much it may cost. */
export class SynthesizerConfig {
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

  @Matches(/^[^\r\n]{1,200}$/, { message: 'model must be the name of a model, for example tts-1' })
  model: string = 'tts-1';

  /** Who speaks where a text does not say it. */
  @Matches(/^[^\r\n]{1,200}$/, { message: 'voice must be the name of a voice, for example alloy' })
  voice: string = 'alloy';

  /** For one text with all attempts and the pause between them, milliseconds. */
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  budgetMs: number = 20_000;

  /** The longest text that is said. OpenAI takes 4096 characters: https://platform.openai.com/docs/api-reference/audio/createSpeech */
  @IsInt()
  @Min(1)
  maxCharacters: number = 4_096;

  /** The longest recording that is taken, in bytes: what Telegram shows as a voice message, several minutes of speech. */
  @IsInt()
  @Min(1)
  maxBytes: number = 1_000_000;
}
