import type { NestExpressApplication } from '@nestjs/platform-express';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config/hub.config';
import { SecretBox } from '../config/secret-box';
import { createServer } from '../server';
import { openStore, type Store } from '../storage/open-store';
import { apiDocument } from './api-document';
import { ownProblems } from './problems';

interface Operation {
  operationId: string;
  responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>;
}

describe('the OpenAPI document', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'omni-hub-document-'));
  let app: NestExpressApplication;
  let store: Store;
  let operations: [route: string, operation: Operation][];
  let components: { schemas: Record<string, object>; responses: Record<string, object> };
  let text: string;

  beforeAll(async () => {
    const config = readConfig({ OMNI_DATA_DIR: dataDir, OMNI_ROLES: 'api', OMNI_LOG_LEVEL: 'silent' });
    store = await openStore(config.databaseUrl!);
    app = await createServer({ config, store, secretBox: SecretBox.open(config) });
    const document = apiDocument(app);
    text = JSON.stringify(document);
    components = document.components as never;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, Operation>).map(([method, operation]): [string, Operation] => [
        `${method} ${path}`,
        operation,
      ]),
    );
  });
  afterAll(async () => {
    await app.close();
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  it('says of every success what is answered, or that it is nothing', () => {
    const silent = operations.filter(([, { responses }]) =>
      Object.entries(responses).some(
        ([status, { content }]) => status.startsWith('2') && status !== '204' && !content,
      ),
    );
    expect(silent.map(([route]) => route)).toEqual([]);
  });

  it('refers to nothing that is not there, and holds nothing that nobody refers to', () => {
    const named = [
      ...Object.keys(components.schemas).map((name) => `schemas/${name}`),
      ...Object.keys(components.responses).map((name) => `responses/${name}`),
    ];
    const referred = new Set(
      [...text.matchAll(/"#\/components\/((?:schemas|responses)\/\w+)"/g)].map(([, name]) => name),
    );
    expect([...referred].sort()).toEqual(named.sort());
  });

  it('has a handler for each name in the list of problems', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(Object.keys(ownProblems).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('says that every route of the API wants a key, and what comes of none', () => {
    const api = operations.filter(([route]) => route.includes(' /api/'));
    expect(api.length).toBeGreaterThan(40);
    for (const [route, { responses }] of api)
      expect([route, Object.keys(responses)]).toEqual([route, expect.arrayContaining(['401', '403', '503'])]);
  });
});
