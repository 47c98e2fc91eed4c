import { createHmac } from 'node:crypto';

/**
 * The headers of Standard Webhooks, signature v1 (https://www.standardwebhooks.com): HMAC-SHA256 over
 * `id.timestamp.body`. `secret` is `whsec_` and base64.
 */
export function signStandardWebhook(
  secret: string,
  id: string,
  body: string,
  now: Date,
): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
