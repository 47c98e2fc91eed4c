import { asObject } from '@omni-hub/channel-sdk';

/**
 * A body without the deprecated verification token, which the app's owner may still rely on elsewhere. Pure; never fails.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack#deprecation
 */
export function scrubbed(body: Buffer): Buffer {
  const text = body.toString('utf8');
  const event = withoutToken(text);
  if (event !== null) return Buffer.from(event);
  if (!/(^|&)(payload|token)=/.test(text)) return body;
  const form = new URLSearchParams(text);
  form.delete('token');
  const payload = withoutToken(form.get('payload') ?? '');
  if (payload !== null) form.set('payload', payload);
  return Buffer.from(form.toString());
}

/** Null for what is no JSON object. */
function withoutToken(json: string): string | null {
  try {
    const found = asObject(JSON.parse(json));
    if (!found) return null;
    const { token: _token, ...rest } = found;
    return JSON.stringify(rest);
  } catch {
    return null;
  }
}
