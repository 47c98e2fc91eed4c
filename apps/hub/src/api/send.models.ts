import { IsDateString, IsObject, IsOptional, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';

export class SendMessageModel {
  /** A chat or contact id (`telegram:4242`), a phone number or a username that the instance knows. */
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  to: string;

  /** `{type: "text", text}` or any other content; see docs/guides/content.md. */
  @IsObject()
  content: Record<string, unknown>;

  /** The platform message to reply to. */
  @IsOptional()
  @IsString()
  @MaxLength(300)
  replyTo?: string;

  /** When it leaves, ISO 8601; at once when absent. */
  @IsOptional()
  @IsDateString()
  sendAt?: string;

  /** The turn that this answers, for an agent that answered 202. */
  @IsOptional()
  @IsUUID()
  turnId?: string;
}
