import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, type HubConfig } from './hub.config';

const prefix = 'sealed:v1:';

/** Seals secrets with AES-256-GCM and signs short-lived tokens, both under `OMNI_SECRET_KEY`. */
export class SecretBox {
  constructor(private readonly key: Buffer) {}

  /** Uses the configured key, or the one in the data folder, which the first start makes (mode 0600). */
  static open(config: HubConfig): SecretBox {
    if (config.secretKey) return new SecretBox(Buffer.from(config.secretKey, 'base64'));
    const file = join(config.dataDir, 'secret.key');
    if (!existsSync(file)) {
      mkdirSync(config.dataDir, { recursive: true });
      writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
    }
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
    if (key.length !== 32)
      throw new ConfigurationError(
        `${file} does not hold 32 bytes in base64: restore it or set OMNI_SECRET_KEY`,
      );
    return new SecretBox(key);
  }

  seal(secret: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return prefix + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** What is not sealed comes back as it is. Throws when it was sealed under another key. */
  open(value: string): string {
    if (!value.startsWith(prefix)) return value;
    const bytes = Buffer.from(value.slice(prefix.length), 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    } catch {
      throw new ConfigurationError(
        'a stored secret was sealed under another OMNI_SECRET_KEY: restore the key, or set the secret again',
      );
    }
  }

  /** A token that carries `payload` readably and cannot be made without the key. */
  sign(payload: string): string {
    const body = Buffer.from(payload).toString('base64url');
    return `${body}.${this.mac(body)}`;
  }

  /** The payload of a token that this hub signed, or null. */
  verify(token: string): string | null {
    const [body, mac] = token.split('.');
    if (!body || !mac) return null;
    const expected = Buffer.from(this.mac(body));
    const given = Buffer.from(mac);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
    return Buffer.from(body, 'base64url').toString();
  }

  private mac(body: string): string {
    return createHmac('sha256', this.key).update(`token:${body}`).digest('base64url');
  }
}
