import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './hub.config';
import { SecretBox } from './secret-box';

const key = (fill: number) => Buffer.alloc(32, fill);

describe('sealed secrets', () => {
  const box = new SecretBox(key(1));

  it('open again, and never look the same twice', () => {
    const sealed = box.seal('123:token');
    expect(sealed).not.toContain('token');
    expect(box.open(sealed)).toBe('123:token');
    expect(box.seal('123:token')).not.toBe(sealed);
  });

  it('do not open under another key, and the error says what to do', () => {
    expect(() => new SecretBox(key(2)).open(box.seal('x'))).toThrow(/restore the key/);
  });

  it('are refused when they were changed', () => {
    const sealed = Buffer.from(box.seal('secret').slice(10), 'base64');
    sealed[sealed.length - 1] ^= 1;
    expect(() => box.open(`sealed:v1:${sealed.toString('base64')}`)).toThrow();
  });
});

describe('signed tokens', () => {
  const box = new SecretBox(key(1));

  it('carry their payload', () => expect(box.verify(box.sign('m1 0 99'))).toBe('m1 0 99'));

  it('are refused when made under another key, or changed', () => {
    const token = box.sign('m1 0 99');
    expect(new SecretBox(key(2)).verify(token)).toBeNull();
    expect(box.verify(token.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')))).toBeNull();
    expect(box.verify('nonsense')).toBeNull();
  });
});

describe('the key', () => {
  it('is made on the first start, for its owner only, and is the same at the next', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'omni-key-'));
    try {
      const config = readConfig({ OMNI_DATA_DIR: dataDir });
      const sealed = SecretBox.open(config).seal('x');
      expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toHaveLength(44);
      expect(SecretBox.open(config).open(sealed)).toBe('x');
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});
