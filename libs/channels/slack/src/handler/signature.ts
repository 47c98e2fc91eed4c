import { SignatureError, verifyHmacSha256, type WebhookRequest } from '@omni-hub/channel-sdk';
import type { SlackConfig } from '../models/config.models';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack. Throws SignatureError where the signature is not Slack's. */
export function verify(
  { signingSecret }: SlackConfig,
  timestamp: string,
  signature: string,
  body: Buffer,
): void {
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), body]);
  if (
    timestamp !== '' &&
    signature.startsWith('v0=') &&
    verifyHmacSha256(signingSecret, signed, signature.slice(3))
  )
    return;
  throw new SignatureError(
    "The request is not signed with signingSecret: copy the app's Signing Secret again, and check that only Slack calls this address",
  );
}

/**
 * Slack looks now and then whether the address of a command has a certificate. That is not signed, and tells nothing.
 * https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export function isCertificateCheck(query: WebhookRequest['query'], text: string): boolean {
  return (
    query.ssl_check === '1' || (!text.startsWith('{') && new URLSearchParams(text).get('ssl_check') === '1')
  );
}
