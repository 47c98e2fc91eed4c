import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  ConfigError,
  UnauthorizedError,
  UnreachableError,
  type Channel,
  type ChannelHandler,
  type Link,
  type SendError,
} from '@omni-hub/channel-sdk';
import { IsBoolean, IsOptional } from 'class-validator';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKeys } from './api/api-keys.service';
import { readConfig } from './config/hub.config';
import { SecretBox } from './config/secret-box';
import { ConnectionsService } from './instances/connections.service';
import { InstanceStates } from './instances/instance-states';
import { Instances } from './instances/instances';
import { Lifecycle } from './lifecycle';
import { createServer } from './server';
import { openStore } from './storage/open-store';
import { sampleCapabilities } from './testing/samples';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const account = { id: '1', name: 'Shop', username: null };

/** The platform: what was called, in order, and how the next calls end. */
class Platform {
  calls: string[] = [];
  failures: Record<string, SendError> = {};
  link: Link | null = { image: `data:image/png;base64,${png.toString('base64')}`, text: '2@qr', code: null };

  call(name: string): Promise<void> {
    this.calls.push(name);
    return name in this.failures ? Promise.reject(this.failures[name]) : Promise.resolve();
  }
}
let platform: Platform;

class SampleConfig {
  /** Leaves the account without a life of its own at the platform. */
  @IsOptional()
  @IsBoolean()
  bare?: boolean;
}

function handlerOf({ bare }: SampleConfig): ChannelHandler {
  const handler: ChannelHandler = {
    capabilities: { ...sampleCapabilities, maxTextLength: 1_000 },
    send: () => Promise.resolve({ platformIds: [] }),
    install: () => platform.call('install'),
    uninstall: () => platform.call('uninstall'),
    probe: async () => {
      await platform.call('probe');
      return { account, healthy: true, problem: null, facts: {} };
    },
  };
  if (bare) return handler;
  return {
    ...handler,
    link: async () => {
      await platform.call('link');
      return platform.link;
    },
    restart: () => platform.call('restart'),
    logout: () => platform.call('logout'),
    remove: () => platform.call('remove'),
  };
}

const mockChannel: Channel<SampleConfig> = {
  id: 'sample',
  title: 'Sample',
  configClass: SampleConfig,
  capabilities: { one: sampleCapabilities, other: { ...sampleCapabilities, maxTextLength: 1_000 } },
  create: handlerOf,
};

jest.mock('./channels/registry', () => ({
  get channelRegistry() {
    return [mockChannel];
  },
}));

describe('the life of an instance', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'omni-life-'));
  const adminApiKey = 'an-admin-key-of-the-specs';
  let app: NestExpressApplication;
  let url: string;

  beforeAll(async () => {
    platform = new Platform();
    const config = readConfig({
      OMNI_DATA_DIR: dataDir,
      OMNI_ROLES: 'api',
      OMNI_LOG_LEVEL: 'silent',
      OMNI_PUBLIC_URL: 'https://hub.example.com',
      OMNI_ADMIN_API_KEY: adminApiKey,
    });
    const store = await openStore(config.databaseUrl!);
    app = await createServer({ config, store, secretBox: SecretBox.open(config) });
    await app.get(ApiKeys).ensureAdmin();
    await app.get(Lifecycle).start();
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/api/v1`;
  });
  afterAll(async () => {
    await app.close();
    await app.get(Lifecycle).stop();
    rmSync(dataDir, { recursive: true });
  });

  async function ask(
    method: string,
    path: string,
    { body, accept = '*/*', key = adminApiKey }: { body?: object; accept?: string; key?: string } = {},
  ) {
    const response = await fetch(url + path, {
      method,
      headers: { 'x-api-key': key, 'content-type': 'application/json', accept, connection: 'close' },
      body: body && JSON.stringify(body),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get('content-type') ?? '';
    const data = type.includes('json') ? JSON.parse(bytes.toString()) : null;
    return { status: response.status, type, headers: response.headers, bytes, data };
  }

  const make = (name: string, config: SampleConfig = {}) =>
    ask('POST', '/instances', { body: { name, channel: 'sample', config } });

  beforeEach(async () => {
    platform = new Platform();
    for (const name of ['shop', 'bare']) await make(name, { bare: name === 'bare' });
    platform.calls = [];
  });
  afterEach(async () => {
    platform.failures = {};
    for (const name of ['shop', 'bare']) await ask('DELETE', `/instances/${name}`);
  });

  const idOf = (name: string) => app.get(Instances).byName(name)!.id;

  describe('linking', () => {
    it('shows what a person scans or types, and lets nothing keep it', async () => {
      const { status, data, headers } = await ask('GET', '/instances/shop/qr');
      expect([status, data]).toEqual([200, platform.link]);
      expect(headers.get('cache-control')).toBe('no-store');
    });

    it('shows the picture itself to who asks for one', async () => {
      const { status, type, bytes } = await ask('GET', '/instances/shop/qr', { accept: 'image/png' });
      expect([status, type]).toEqual([200, 'image/png']);
      expect(bytes).toEqual(png);
    });

    it('says so where there is no picture', async () => {
      platform.link = { image: null, text: null, code: 'ABCD-1234' };
      const { status, data } = await ask('GET', '/instances/shop/qr', { accept: 'image/png' });
      expect([status, data.code]).toEqual([406, 'NOT_ACCEPTABLE']);
      expect((await ask('GET', '/instances/shop/qr')).data).toEqual(platform.link);
    });

    it('has nothing to show once the account is linked', async () => {
      platform.link = null;
      const { status, data } = await ask('GET', '/instances/shop/qr');
      expect([status, data.code]).toEqual([409, 'ALREADY_LINKED']);
    });

    it('is not for keys that only read', async () => {
      const body = { name: 'reader', scopes: ['instances:read'] };
      const { key } = (await ask('POST', '/api-keys', { body })).data;
      expect((await ask('GET', '/instances/shop', { key })).status).toBe(200);
      expect((await ask('GET', '/instances/shop/qr', { key })).status).toBe(403);
    });
  });

  it('restarting answers the status that it came to', async () => {
    const { status, data } = await ask('POST', '/instances/shop/restart');
    expect([status, data.state]).toEqual([200, 'ok']);
    expect(platform.calls).toEqual(['restart', 'probe']);
  });

  it('logging out ends the link', async () => {
    expect((await ask('POST', '/instances/shop/logout')).status).toBe(204);
    expect(platform.calls).toEqual(['logout']);
  });

  it.each([
    ['GET', 'qr', 'link'],
    ['POST', 'restart', 'restart'],
    ['POST', 'logout', 'logout'],
  ])(
    '%s …/%s tells why the platform failed, and what the account cannot do',
    async (method, route, ability) => {
      const path = `/instances/shop/${route}`;
      platform.failures[ability] = new UnreachableError('the server does not answer: is it running?');
      const failed = await ask(method, path);
      expect([failed.status, failed.data.code]).toEqual([502, 'UNREACHABLE']);
      expect(failed.data.detail).toContain('is it running?');
      expect((await ask('GET', '/instances/shop/status')).data.lastError.code).toBe('UNREACHABLE');

      const lacking = await ask(method, `/instances/bare/${route}`);
      expect([lacking.status, lacking.data.code]).toEqual([409, 'UNSUPPORTED']);
      expect(lacking.data.detail).toContain(`abilities.${ability}`);

      expect((await ask(method, `/instances/nobody/${route}`)).status).toBe(404);
    },
  );

  it('refused credentials pause it until it is connected', async () => {
    platform.failures.restart = new UnauthorizedError('the key is refused');
    await ask('POST', '/instances/shop/restart');
    expect((await ask('GET', '/instances/shop/status')).data.state).toBe('paused');
    expect((await ask('POST', '/instances/shop/connect')).data.state).toBe('ok');
  });

  it('an account that is told to be unlinked goes on where the platform says that it is well, and waits where it cannot be asked', async () => {
    const check = async () => {
      const instances = app.get(Instances);
      await instances.pause(idOf('shop'), { code: 'UNLINKED', reason: 'logged out' });
      await app.get(ConnectionsService).checkUnlinked(instances.byName('shop')!);
      return instances.byName('shop')!.paused?.code ?? null;
    };
    expect(await check()).toBeNull();
    platform.failures.probe = new UnreachableError('the server is away');
    expect(await check()).toBe('UNLINKED');
  });

  describe('connecting', () => {
    it('makes what the platform does not know yet', async () => {
      platform.failures.probe = new ConfigError('no instance of this name: connect it');
      const { status, data } = await ask('POST', '/instances/shop/connect');
      expect([status, data.problem]).toEqual([200, 'no instance of this name: connect it']);
      expect(platform.calls).toEqual(['probe', 'install', 'probe']);
    });

    it('fails as the platform does', async () => {
      platform.failures.install = new ConfigError('set OMNI_PUBLIC_URL');
      const { status, data } = await ask('POST', '/instances/shop/connect');
      expect([status, data.code, data.detail]).toEqual([502, 'CONFIG', 'set OMNI_PUBLIC_URL']);
    });
  });

  describe('the status', () => {
    it('tells how the account stands with its platform', async () => {
      expect((await ask('GET', '/instances/shop/status')).data).toMatchObject({
        connection: null,
        restriction: null,
      });
      await app.get(InstanceStates).connection(idOf('shop'), 'banned', 'for spam');
      const { data } = await ask('GET', '/instances/shop/status');
      expect(data.state).toBe('degraded');
      expect(data.connection).toEqual({ state: 'banned', detail: 'for spam', at: expect.any(String) });
      expect(Date.parse(data.connection.at)).toBeLessThanOrEqual(Date.now());
    });

    it('tells a restriction until an operator connects; a changed setting does not lift it', async () => {
      await app.get(InstanceStates).restrict(idOf('shop'), 'RESTRICTED', 'code 463');
      await ask('PATCH', '/instances/shop', { body: { config: { bare: false } } });
      const { data } = await ask('GET', '/instances/shop/status');
      expect(data.problem).toContain('restricted, not broken');
      expect(data.restriction).toMatchObject({ code: 'RESTRICTED', reason: 'code 463' });
      expect(Date.parse(data.restriction.until)).toBeGreaterThan(Date.parse(data.restriction.since));

      const connected = await ask('POST', '/instances/shop/connect');
      expect(connected.data).toMatchObject({ state: 'ok', restriction: null });
    });
  });

  describe('deleting', () => {
    const exists = async (name: string) => (await ask('GET', `/instances/${name}`)).status === 200;

    it('forgets it here; the platform is only told to deliver no more', async () => {
      expect((await ask('DELETE', '/instances/shop')).status).toBe(204);
      expect(platform.calls).toEqual(['uninstall']);
      expect(await exists('shop')).toBe(false);
    });

    it('forgets it here whatever the platform says', async () => {
      platform.failures.uninstall = new UnreachableError('no route');
      expect((await ask('DELETE', '/instances/shop?atPlatform=false')).status).toBe(204);
      expect(await exists('shop')).toBe(false);
    });

    it('deletes it at the platform first, where that is asked for', async () => {
      expect((await ask('DELETE', '/instances/shop?atPlatform=true')).status).toBe(204);
      expect(platform.calls).toEqual(['remove']);
      expect(await exists('shop')).toBe(false);
    });

    it('deletes nothing where the platform does not', async () => {
      platform.failures.remove = new UnreachableError('no route');
      const failed = await ask('DELETE', '/instances/shop?atPlatform=true');
      expect([failed.status, failed.data.code]).toEqual([502, 'UNREACHABLE']);
      const lacking = await ask('DELETE', '/instances/bare?atPlatform=true');
      expect([lacking.status, lacking.data.code]).toEqual([409, 'UNSUPPORTED']);
      expect([await exists('shop'), await exists('bare')]).toEqual([true, true]);
    });

    it('does not guess what a query means', async () => {
      const { status, data } = await ask('DELETE', '/instances/shop?atPlatform=yes');
      expect([status, data.errors[0].field]).toEqual([422, 'atPlatform']);
      expect(await exists('shop')).toBe(true);
    });
  });

  describe('capabilities', () => {
    it('are those of each provider for a channel', async () => {
      const { items } = (await ask('GET', '/channels')).data;
      expect(items).toEqual([{ id: 'sample', title: 'Sample', capabilities: mockChannel.capabilities }]);
    });

    it('are the account’s own for an instance', async () => {
      const { data } = await ask('GET', '/instances/shop');
      expect(data).toMatchObject({ name: 'shop', capabilities: { maxTextLength: 1_000 } });
    });
  });
});
