import { safeEqual, type WebhookRequest } from '@omni-hub/channel-sdk';
import { verifySample } from './sample-inbound';
import type { Mutation } from './mutations';
import { sampleOptions } from './sample-options';

const proof = 'sample-proof-in-the-path';

/** The request as a platform signs it that also calls a secret address. */
export function signByPath(request: WebhookRequest): WebhookRequest {
  return { ...sampleOptions.sign!(request), path: request.path === '' ? proof : `${proof}/${request.path}` };
}

/** True where the first segment of the path is the proof. */
export function provesByPath({ path }: WebhookRequest): boolean {
  return safeEqual(path.split('/')[0], proof);
}

export const signatureMutations: Mutation[] = [
  {
    rule: 'IN-4',
    what: 'does not look at the address that proves the sender',
    options: { sign: signByPath },
  },
  {
    rule: 'IN-4',
    what: 'takes an address that only begins with the proof',
    variant: { verify: (secret, request) => verifySample(secret, request) && request.path.startsWith(proof) },
    options: { sign: signByPath },
  },
  {
    rule: 'IN-4',
    what: 'compares the proof in its address as a text',
    variant: {
      verify: (secret, request) => request.path.split('/')[0] === proof && verifySample(secret, request),
    },
    options: { sign: signByPath },
  },
];
