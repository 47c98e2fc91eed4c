import { About } from '@omni-hub/channel-sdk';
import { IsDateString, IsObject, IsOptional, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { Holds } from '../document/class-schema';

export class SendMessageModel {
  @About('A chat or contact id (`telegram:4242`), a phone number or a username that the instance knows.')
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  to: string;

  @About('`{type: "text", text}` or any other content; see docs/guides/content.md.')
  @Holds('Content')
  @IsObject()
  content: Record<string, unknown>;

  @About('The platform message to reply to.')
  @IsOptional()
  @IsString()
  @MaxLength(300)
  replyTo?: string;

  @About('When it leaves, ISO 8601; at once when absent.')
  @IsOptional()
  @IsDateString()
  sendAt?: string;

  @About('The turn that this answers, for an agent that answered 202.')
  @IsOptional()
  @IsUUID()
  turnId?: string;
}
