import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '../testing/store.suite';

const folder = mkdtempSync(join(tmpdir(), 'omni-sqlite-'));
let databases = 0;
const freshUrl = () => `sqlite:${join(folder, `${++databases}.db`)}`;

afterAll(() => rmSync(folder, { recursive: true }));

describe('the store on SQLite', () => {
  describeStore(() => Promise.resolve(freshUrl()));
});
