import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';

/** Compares in a time that tells nothing about where two texts differ; only that their lengths do. */
export function safeEqual(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** True when `hex` is the HMAC-SHA256 of the exact bytes. Anything that is not such a signature is false, never an error. */
export function verifyHmacSha256(secret: string, body: Buffer, hex: string): boolean {
  return safeEqual(createHmac('sha256', secret).update(body).digest('hex'), hex.toLowerCase());
}

/**
 * True when the hex signature is the key's over the exact bytes. A key or a signature that is not of Ed25519's form is
 * false, never an error. https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint
 */
export function verifyEd25519(publicKeyHex: string, message: Buffer, signatureHex: string): boolean {
  if (!/^[0-9a-f]{64}$/i.test(publicKeyHex) || !/^[0-9a-f]{128}$/i.test(signatureHex)) return false;
  return verify(null, message, ed25519Key(publicKeyHex), Buffer.from(signatureHex, 'hex'));
}

function ed25519Key(publicKeyHex: string) {
  const x = Buffer.from(publicKeyHex, 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
