import { About, Secret } from '@omni-hub/channel-sdk';
import { IsUrl, Matches } from 'class-validator';

/** The settings of one app in one workspace. */
export class SlackConfig {
  @About('The "Bot User OAuth Token" of the app, from OAuth & Permissions.')
  @Secret()
  @Matches(/^\S{6,}$/, { message: 'botToken must be the Bot User OAuth Token of the app, without blanks' })
  botToken: string;

  @About(
    'From Basic Information, App Credentials. ' +
      'https://docs.slack.dev/authentication/verifying-requests-from-slack',
  )
  @Secret()
  @Matches(/^\S{6,}$/, { message: 'signingSecret must be the Signing Secret of the app, without blanks' })
  signingSecret: string;

  @About('The Web API, or a simulator of it.')
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_underscores: true },
    { message: 'apiUrl must be an http(s) address' },
  )
  apiUrl: string = 'https://slack.com/api';
}
