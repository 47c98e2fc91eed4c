import { createHash } from 'node:crypto';

/** What Discord knows a repeated message by: the same for the same delivery, and within the 25 characters that it takes. */
export function nonceOf(deliveryId: string): string {
  return createHash('sha256').update(deliveryId).digest().subarray(0, 18).toString('base64url');
}
