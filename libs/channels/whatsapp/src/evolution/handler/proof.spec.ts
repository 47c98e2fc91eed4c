import { SignatureError, type WebhookRequest } from '@omni-hub/channel-sdk';
import { checkProof, secretPath } from './proof';

const secret = 'a-webhook-secret-of-16-or-more';
const segment = secretPath(secret);

const check = (path: string, header: string | undefined = secret) => {
  const request: WebhookRequest = {
    method: 'POST',
    path,
    headers: { 'x-webhook-secret': header },
    query: {},
    body: Buffer.alloc(0),
  };
  return () => checkProof(request, secret, segment);
};

describe('the proof of a webhook', () => {
  it('needs an address of 32 hexadecimal digits that the secret alone gives', () => {
    expect(segment).toMatch(/^[0-9a-f]{32}$/);
    expect(secretPath(`${secret}x`)).not.toBe(segment);
  });

  it.each([segment, `${segment}/messages-upsert`])('is the header and the address %s', (path) => {
    expect(check(path)).not.toThrow();
  });

  it.each([
    '',
    '/',
    segment.slice(1),
    `${segment}0`,
    `x/${segment}`,
    `${segment}/`,
    `${segment}/..`,
    `${segment}/a/b`,
  ])('is refused at the address "%s"', (path) => expect(check(path)).toThrow(SignatureError));

  it.each(['', segment, `${secret}x`])('is refused with the header "%s"', (header) => {
    expect(check(segment, header)).toThrow(SignatureError);
  });

  it('is refused without the header', () => {
    const request: WebhookRequest = {
      method: 'POST',
      path: segment,
      headers: {},
      query: {},
      body: Buffer.alloc(0),
    };
    expect(() => checkProof(request, secret, segment)).toThrow(SignatureError);
  });
});
