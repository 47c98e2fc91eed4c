import { safeEqual, SignatureError, type WebhookRequest } from '@omni-hub/channel-sdk';
import { createHmac } from 'node:crypto';

export const secretHeader = 'x-webhook-secret';

/** The part of the webhook's address that nobody can guess: 32 hexadecimal digits. */
export function secretPath(webhookSecret: string): string {
  return createHmac('sha256', webhookSecret).update('webhook path').digest('hex').slice(0, 32);
}

/**
 * Evolution signs nothing (https://doc.evolution-api.com/v2/en/configuration/webhooks), so a request has to bring the header that
 * it was given and come to the address that it was given; where it is set to `byEvents`, that of the event may follow. Both are
 * always compared, each in constant time. Throws SignatureError.
 */
export function checkProof({ headers, path }: WebhookRequest, webhookSecret: string, secret: string): void {
  const [segment, event = 'event', ...rest] = path.split('/');
  const byHeader = safeEqual(headers[secretHeader] ?? '', webhookSecret);
  const byPath = safeEqual(segment, secret);
  if (byHeader && byPath && rest.length === 0 && /^[a-z][a-z-]*$/.test(event)) return;
  throw new SignatureError(
    'The request has not the header and the address that Evolution was given: connect the instance to set them again',
  );
}
