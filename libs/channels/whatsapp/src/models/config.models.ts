import { About, Secret } from '@omni-hub/channel-sdk';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/** How a number is reached: Meta's official API, or an Evolution API server that is linked to it like a browser. */
export type WhatsAppProvider = 'cloud' | 'evolution';

/** The approved template that is sent where the 24-hour window is closed; its body has one variable, the text. */
export class WindowTemplate {
  @Matches(/^[a-z0-9_]{1,512}$/, {
    message: 'name must be that of an approved template: lower-case letters, digits and "_"',
  })
  name: string;

  @Matches(/^[a-z]{2,3}(_[A-Z]{2})?$/, {
    message: 'language must be that of the template, for example en_US',
  })
  language: string;
}

const ofCloud = ({ provider }: WhatsAppConfig) => provider !== 'evolution';
const ofEvolution = ({ provider }: WhatsAppConfig) => provider !== 'cloud';
const webAddress = {
  protocols: ['http', 'https'],
  require_protocol: true,
  require_tld: false,
  allow_underscores: true,
};

/** The settings of one number. Which of them are needed is the provider's. */
export class WhatsAppConfig {
  @IsIn(['cloud', 'evolution'], { message: 'provider must be "cloud" or "evolution"' })
  provider: WhatsAppProvider;

  @About('Graph API (https://graph.facebook.com unless told), or the Evolution server, which has no default.')
  @ValidateIf((config: WhatsAppConfig) => ofEvolution(config) || config.apiUrl !== undefined)
  @IsUrl(webAddress, {
    message: 'apiUrl must be an http(s) address, for example http://localhost:8080 for an Evolution server',
  })
  apiUrl?: string;

  @About(
    'What the number may send in a second: 80 by Cloud, 20 beside the phone app; 5 by Evolution ' +
      'unless told.',
  )
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  messagesPerSecond?: number;

  @About(
    'How long the platform may take to say that a message left; then the operator is told. ' +
      'Milliseconds.',
  )
  @IsOptional()
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  acknowledgeTimeoutMs: number = 120_000;

  @About("Cloud: the number's id, not the number.")
  @ValidateIf(ofCloud)
  @Matches(/^\d{5,32}$/, { message: 'phoneNumberId must be the digits of the phone number ID (cloud)' })
  phoneNumberId: string;

  @About('Cloud: the account that the number belongs to; the webhook is subscribed for it.')
  @ValidateIf((config: WhatsAppConfig) => ofCloud(config) && config.businessAccountId !== undefined)
  @Matches(/^\d{5,32}$/, {
    message: 'businessAccountId must be the digits of the WhatsApp Business Account ID',
  })
  businessAccountId?: string;

  @About("Cloud: a system user's token with whatsapp_business_messaging.")
  @Secret()
  @ValidateIf(ofCloud)
  @Matches(/^\S{6,1024}$/, { message: 'accessToken must be a token without blanks (cloud)' })
  accessToken: string;

  @About("Cloud: the Meta app's secret, by which it signs webhooks.")
  @Secret()
  @ValidateIf(ofCloud)
  @Matches(/^\S{6,128}$/, { message: "appSecret must be the Meta app's secret (cloud)" })
  appSecret: string;

  @About('Cloud: made up by the operator; Meta repeats it when the webhook is set.')
  @Secret()
  @ValidateIf(ofCloud)
  @Matches(/^\S{6,256}$/, { message: 'verifyToken must be 6 or more characters without blanks (cloud)' })
  verifyToken: string;

  @About('Cloud: each version lives about two years.')
  @IsOptional()
  @Matches(/^v\d{1,3}\.\d{1,2}$/, { message: 'apiVersion must look like v26.0' })
  apiVersion: string = 'v26.0';

  @About('Cloud: what is sent where the 24-hour window is closed; nothing where absent.')
  @ValidateIf((config: WhatsAppConfig) => config.windowTemplate !== undefined)
  @ValidateNested()
  @Type(() => WindowTemplate)
  windowTemplate?: WindowTemplate;

  @About("Evolution: the server's key, which may create the instance, or the instance's own token.")
  @Secret()
  @ValidateIf(ofEvolution)
  @Matches(/^\S{6,256}$/, {
    message: "apiKey must be the Evolution server's key or the instance's (evolution)",
  })
  apiKey: string;

  @About("Evolution: the instance's name there. It is made on connect where it does not exist.")
  @ValidateIf(ofEvolution)
  @Matches(/^[A-Za-z0-9._-]{1,100}$/, {
    message: 'instanceName must be 1 to 100 letters, digits, ".", "_" and "-" (evolution)',
  })
  instanceName: string;

  @About(
    'Evolution: made up by the operator; proves in each webhook request, by a header and in the ' +
      'address, who sent it.',
  )
  @Secret()
  @ValidateIf(ofEvolution)
  @Matches(/^[A-Za-z0-9_-]{16,256}$/, {
    message: 'webhookSecret must be 16 to 256 characters of A-Z, a-z, 0-9, "_" and "-" (evolution)',
  })
  webhookSecret: string;

  @About(
    'Evolution: the number to be linked by a pairing code instead of a QR code; digits with the ' +
      'country code.',
  )
  @IsOptional()
  @Matches(/^\d{6,18}$/, {
    message: 'pairingNumber must be digits with the country code, for example 5511987654321',
  })
  pairingNumber?: string;

  @About('Evolution: where WhatsApp keeps encrypted media, the second way to them.')
  @IsOptional()
  @IsUrl(webAddress, { message: 'mediaUrl must be an http(s) address, for example https://mmg.whatsapp.net' })
  mediaUrl: string = 'https://mmg.whatsapp.net';
}
