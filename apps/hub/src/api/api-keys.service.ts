import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { HubConfig } from '../config/hub.config';
import { newId } from '../flow/ids';
import { Recent } from '../flow/recent';
import type { ApiKeyRow } from '../storage/repositories/api-keys.repository';
import { Store } from '../storage/open-store';

/** A revoked key is refused at the latest after this, on every process. */
const rememberMs = 5_000;

/** API keys. Only their SHA-256 is stored: a key has 256 random bits, so that a slow hash would add nothing. */
@Injectable()
export class ApiKeys {
  private readonly found = new Recent<ApiKeyRow>(1_000, rememberMs);

  constructor(
    private readonly store: Store,
    private readonly config: HubConfig,
  ) {}

  async find(key: string): Promise<ApiKeyRow | null> {
    const hash = hashOf(key);
    const known = this.found.get(hash);
    if (known) return known;
    const row = await this.store.apiKeys.getByHash(hash);
    if (!row || (row.expiresAt !== null && row.expiresAt < Date.now())) return null;
    this.found.set(hash, row);
    await this.noteUse(row);
    return row;
  }

  /** The new key is answered once and never again. `instances` null means all. */
  async create(
    name: string,
    scopes: string[],
    instances: string[] | null,
  ): Promise<{ id: string; key: string }> {
    const key = `omni_${randomBytes(32).toString('base64url')}`;
    return { id: await this.insert(name, key, scopes, instances), key };
  }

  list(): Promise<ApiKeyRow[]> {
    return this.store.apiKeys.list();
  }

  async remove(id: string): Promise<boolean> {
    this.found.clear();
    return this.store.apiKeys.delete(id);
  }

  /** Sees to it that there is an admin key: the configured one, or on the very first start a new one, which is returned to be shown once. */
  async ensureAdmin(): Promise<string | null> {
    if (this.config.adminApiKey) {
      if (!(await this.store.apiKeys.getByHash(hashOf(this.config.adminApiKey)))) {
        await this.insert('admin (environment)', this.config.adminApiKey, ['*'], null);
      }
      return null;
    }
    if ((await this.store.apiKeys.list()).length > 0) return null;
    return (await this.create('admin', ['*'], null)).key;
  }

  /** To the minute: enough to tell a forgotten key from one in use. */
  private async noteUse({ id, lastUsedAt }: ApiKeyRow): Promise<void> {
    const now = Date.now();
    if (now - (lastUsedAt ?? 0) > 60_000) await this.store.apiKeys.touch(id, now);
  }

  private async insert(
    name: string,
    key: string,
    scopes: string[],
    instances: string[] | null,
  ): Promise<string> {
    const id = newId();
    await this.store.apiKeys.insert({
      id,
      name,
      hash: hashOf(key),
      prefix: key.slice(0, 9),
      scopes,
      instances,
      createdAt: Date.now(),
      expiresAt: null,
    });
    return id;
  }
}

const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');
