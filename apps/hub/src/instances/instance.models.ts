import { About } from '@omni-hub/channel-sdk';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Holds } from '../document/class-schema';
import type { Pacing } from '../flow/pace-answer';
import type { GroupPolicy, OnOverlap, SessionPolicy, VoiceAnswers } from './live-instance';

const day = 86_400_000;

export class ContactRateModel {
  @IsInt()
  @Min(1)
  @Max(1_000)
  messages: number;

  @IsInt()
  @Min(1)
  @Max(86_400)
  perSeconds: number;
}

/** What may be changed of an instance. */
export class UpdateInstanceModel {
  @About('A disabled instance keeps what it receives, answers nothing and sends nothing.')
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;

  @About("The channel's own settings; secrets are write-only and `***` leaves one as it is.")
  @IsOptional()
  @IsObject()
  config?: Record<string, unknown>;

  @About('`{kind, …}`: who answers.')
  @IsOptional()
  @IsObject()
  agent?: Record<string, unknown>;

  @About('`{kind, …}`: who is asked about the same turns and never heard; null for nobody.')
  @IsOptional()
  @IsObject()
  shadowAgent?: Record<string, unknown> | null;

  @About('A reply older than this is not sent but kept as a dead letter. Milliseconds.')
  @IsOptional()
  @IsInt()
  @Min(1_000)
  @Max(7 * day)
  replyTtlMs?: number;

  @About('What happens when no answer came to a send: once more, or kept for the operator.')
  @IsOptional()
  @IsIn(['resend', 'hold'])
  onUnknown?: 'resend' | 'hold';

  @About('Which messages of groups are answered.')
  @IsOptional()
  @IsIn(['always', 'mention', 'reply', 'keyword', 'observe', 'never'])
  groups?: GroupPolicy;

  @About('With `groups` set to `keyword`: the words that address the account, in any case.')
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Matches(/\S/, { each: true, message: 'must be words' })
  @MaxLength(100, { each: true })
  groupKeywords?: string[];

  @About('How many messages of one contact are answered within how many seconds; null for no limit.')
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ContactRateModel)
  contactRate?: ContactRateModel | null;

  @About('How long a chat must be quiet before its messages are answered together. Milliseconds.')
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(60_000)
  settleMs?: number;

  @About(
    'What becomes of messages that arrive while the agent works for whoever wrote them: they wait for ' +
      'the next turn, or the agent is asked anew about all of them, or about the new ones alone.',
  )
  @IsOptional()
  @IsIn(['queue', 'merge', 'interrupt'])
  onOverlap?: OnOverlap;

  @About("What the agent's `sessionId` stands for; a `person` is the same for all instances.")
  @IsOptional()
  @IsIn(['chat', 'contact', 'person'])
  session?: SessionPolicy;

  @About('Whether answers are said at once, or in several messages with pauses, as a person would type them.')
  @IsOptional()
  @IsIn(['off', 'fast', 'natural'])
  pacing?: Pacing;

  @About('What the person is told when the agent fails for good; null says nothing.')
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  fallback?: string | null;

  @About(
    'Whether answers are spoken: `whenSpoken` where the person spoke, as a voice message in place of ' +
      'the text.',
  )
  @IsOptional()
  @IsIn(['never', 'whenSpoken'])
  voiceAnswers?: VoiceAnswers;

  @About('Who speaks, as the speech service calls it; null for `OMNI_SPEECH_VOICE`.')
  @IsOptional()
  @IsString()
  @Matches(/^[^\r\n]{1,200}$/, { message: 'must be the name of a voice' })
  voice?: string | null;
}

export class CreateInstanceModel extends UpdateInstanceModel {
  @About("Lower-case letters, digits and hyphens. Part of the webhook's address; never changes.")
  @IsString()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: 'must be 1 to 63 lower-case letters, digits and hyphens' })
  name: string;

  @IsString()
  channel: string;

  @Holds('ChannelConfig')
  override config?: Record<string, unknown>;

  @Holds('AgentConfig')
  override agent?: Record<string, unknown>;

  @Holds('AgentConfig')
  override shadowAgent?: Record<string, unknown> | null;
}
