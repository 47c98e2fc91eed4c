import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { soundFiles } from './testing/sound';

jest.setTimeout(60_000);

const root = join(__dirname, '../../../..');
const index = 'libs/channels/acme/src/index.ts';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  for (const [file, text] of Object.entries({
    ...soundFiles(),
    [index]: 'export {};\n',
    '.prettierrc': '{ "singleQuote": true }',
  })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function doctor(...options: string[]) {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['-r', '@swc-node/register', join(__dirname, 'main.ts'), ...options],
    {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        NODE_PATH: join(root, 'node_modules'),
        TS_NODE_PROJECT: join(root, 'tsconfig.base.json'),
      },
    },
  );
  return { status, stdout };
}

describe('npm run doctor', () => {
  it('tells what is wrong, mends what it can, and ends with 1 where something is left', () => {
    const { status, stdout } = doctor('--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ rule: 'SHAPE-2', file: index, fixable: true, fix: expect.any(String) }),
    );
    const fixed = doctor('--fix');
    expect(fixed.stdout).not.toContain('SHAPE-2');
    expect(fixed.stdout).toContain('DOC-3  docs/patterns/doctor.md#doc-3');
    expect(readFileSync(join(folder, index), 'utf8')).toContain("export * from './client/acme.client';\n");
  });
});
