import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config/hub.config';
import { SecretBox } from './config/secret-box';
import { apiDocument } from './document/api-document';
import { createServer } from './server';
import { openStore } from './storage/open-store';

/** Prints the OpenAPI document of the code as it is, without a hub that listens. */
async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'omni-hub-openapi-'));
  try {
    const config = readConfig({ OMNI_DATA_DIR: dataDir, OMNI_ROLES: 'api', OMNI_LOG_LEVEL: 'silent' });
    const store = await openStore(config.databaseUrl!);
    const app = await createServer({ config, store, secretBox: SecretBox.open(config) });
    process.stdout.write(`${JSON.stringify(apiDocument(app))}\n`);
    await app.close();
    await store.close();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`the API cannot be described: ${error.message}\n`);
  process.exitCode = 1;
});
