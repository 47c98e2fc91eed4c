import fc from 'fast-check';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { safeEqual, verifyEd25519, verifyHmacSha256 } from './signatures';

describe('safeEqual', () => {
  it('is what === is, for any two texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(safeEqual(a, a)).toBe(true);
        expect(safeEqual(a, b)).toBe(a === b);
      }),
    );
  });
});

describe('verifyHmacSha256', () => {
  const body = Buffer.from('{"text":"\\u00e4"}');
  const signature = createHmac('sha256', 'key').update(body).digest('hex');

  it('accepts the signature of the exact bytes, in either case', () => {
    expect(verifyHmacSha256('key', body, signature)).toBe(true);
    expect(verifyHmacSha256('key', body, signature.toUpperCase())).toBe(true);
  });

  it('refuses changed bytes, another key and what is no signature', () => {
    expect(verifyHmacSha256('key', Buffer.from('{"text":"ä"}'), signature)).toBe(false);
    expect(verifyHmacSha256('other', body, signature)).toBe(false);
    expect(verifyHmacSha256('key', body, '')).toBe(false);
    expect(verifyHmacSha256('key', body, signature.slice(0, -2))).toBe(false);
  });
});

describe('verifyEd25519', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex');
  const message = Buffer.from('1700000000{"type":1}');
  const signature = sign(null, message, privateKey).toString('hex');

  it('accepts the signature of the exact bytes', () => {
    expect(verifyEd25519(key, message, signature)).toBe(true);
  });

  it('refuses changed bytes and another key', () => {
    expect(verifyEd25519(key, Buffer.from('1700000000{"type":2}'), signature)).toBe(false);
    expect(verifyEd25519('00'.repeat(32), message, signature)).toBe(false);
  });

  it('never fails on what is no key or signature', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (badKey, badSignature) => {
        expect(verifyEd25519(badKey, message, signature)).toBe(false);
        expect(verifyEd25519(key, message, badSignature)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(verifyEd25519(Buffer.from(bytes).toString('hex'), message, signature)).toBe(false);
      }),
    );
  });
});
