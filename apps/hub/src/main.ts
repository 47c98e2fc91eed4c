import { letNewSpaceGrow, tracesAreMapped } from './heap';
import 'reflect-metadata';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { existsSync, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { ApiKeys } from './api/api-keys.service';
import { ConfigurationError, readConfig } from './config/hub.config';
import { SecretBox } from './config/secret-box';
import { MediaLinks } from './flow/media-links';
import { seedInstances } from './instances/instances-file';
import { InstancesService } from './instances/instances.service';
import { Lifecycle } from './lifecycle';
import { createServer } from './server';
import { openStore, StoreError } from './storage/open-store';

/** Longer than load balancers keep an idle connection: otherwise they send on one that is being closed. */
const keepAliveMs = 75_000;

async function main(): Promise<void> {
  process.setSourceMapsEnabled(tracesAreMapped);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  mkdirSync(config.dataDir, { recursive: true });
  const secretBox = SecretBox.open(config);
  const store = await openStore(config.databaseUrl!);

  const app = await createServer({ config, store, secretBox });
  const adminKey = await app.get(ApiKeys).ensureAdmin();
  await app.get(Lifecycle).start();
  if (config.instancesFile) await seedInstances(config.instancesFile, app.get(InstancesService));
  await app.listen(config.port, config.host);
  app.getHttpServer().keepAliveTimeout = keepAliveMs;
  const url = listeningUrl(app);
  if (!config.publicUrl) app.get(MediaLinks).baseUrl = url;
  if (store.engine === 'postgres') letNewSpaceGrow();
  stopOnSignal(app);
  greet(url, adminKey);
}

function listeningUrl(app: NestExpressApplication): string {
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  const host = address === '::' || address === '0.0.0.0' ? '127.0.0.1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The first signal stops gracefully: no new connections, what is claimed is finished or handed back. A second one ends at once. */
function stopOnSignal(app: NestExpressApplication): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) process.exit(1);
    stopping = true;
    const server = app.getHttpServer();
    server.close();
    server.closeIdleConnections();
    await app.get(Lifecycle).stop();
    server.closeAllConnections();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
}

function greet(url: string, adminKey: string | null): void {
  const lines = [`omni-hub listens on ${url}`, `API documentation: ${url}/docs`];
  if (adminKey)
    lines.push('', 'Admin API key, shown this once:', `  ${adminKey}`, '', firstMessage(url, adminKey));
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** A message answered without any platform or agent: the simulator plays Telegram, the echo agent answers. */
const firstMessage = (url: string, key: string) => `To see a message answered, in a second terminal:
  npm run simulator
and in a third:
  curl -s ${url}/api/v1/instances -H 'x-api-key: ${key}' -H 'content-type: application/json' -d '{
    "name": "demo", "channel": "telegram", "agent": {"kind": "echo"},
    "config": {"token": "4242:simulated-token", "mode": "polling", "apiUrl": "http://127.0.0.1:9200"}}'
  curl -s -X POST http://127.0.0.1:9200/control/people/7/says -d '{"text": "hello"}'
The simulator shows the conversation.`;

main().catch((error: Error) => {
  const expected = error instanceof ConfigurationError || error instanceof StoreError;
  process.stderr.write(`omni-hub cannot start\n${expected ? error.message : error.stack}\n`);
  process.exit(1);
});
