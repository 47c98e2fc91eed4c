import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkspaceCopy, type Ran } from '../workspace/workspace-copy';

/** Programs of the tool chain start ten times. */
jest.setTimeout(300_000);

/** One of each kind in one copy of the workspace, by the command line as a user would, unedited. */
describe('what the generators write', () => {
  let copy: WorkspaceCopy;
  let created: string[];

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Spec', '-c', 'user.email=spec@example.com', ...args], {
      cwd: copy.root,
      encoding: 'utf8',
    });
  const changed = () =>
    git('status', '--porcelain', '--untracked-files=all')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.slice(3));

  async function generate(...args: string[]): Promise<void> {
    ended(await copy.run('nx', 'generate', ...args), 0);
  }

  function ended(ran: Ran, code: number): void {
    if (ran.code !== code) throw new Error(`it ended with ${ran.code}:\n${ran.output}`);
  }

  beforeAll(async () => {
    copy = new WorkspaceCopy();
    writeFileSync(join(copy.root, '.git-excludes'), 'node_modules\n.nx\n.git-excludes\n');
    git('init', '--quiet');
    git('config', 'core.excludesFile', join(copy.root, '.git-excludes'));
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Start');
    await generate('feature', 'word-counter', '--type=service', '--docs=https://docs.example.com');
    await generate('endpoint', 'opening-hours');
    await generate('agent', 'dialog-flow');
    await generate('pattern', 'rate-limits');
    await generate('decision', 'Files are kept for a year');
    created = changed();
  });
  afterAll(() => copy.remove());

  it('is formatted', async () => {
    ended(await copy.run('prettier', '--check', ...created), 0);
  });

  it('passes ESLint', async () => {
    const files = created.filter((file) => /\.[cm]?[jt]s$/.test(file));
    expect(files.length).toBeGreaterThan(20);
    ended(await copy.run('eslint', ...files), 0);
  });

  it('has the right types', async () => {
    const config = {
      extends: './tsconfig.base.json',
      include: created.filter((file) => file.endsWith('.ts')),
    };
    writeFileSync(join(copy.root, 'tsconfig.generated.json'), JSON.stringify(config));
    ended(await copy.run('tsc', '--noEmit', '-p', 'tsconfig.generated.json'), 0);
  });

  it('passes its own specs, and the suite over all kinds of agents', async () => {
    const projects = ['libs/services/word-counter', 'apps/hub', 'tools/simulator'];
    const specs = ['word-counter', 'opening-hours', 'dialog-flow', 'agents/agents.spec'];
    const ran = await copy.run('jest', '--projects', ...projects, '--testPathPatterns', ...specs);
    ended(ran, 0);
    expect(ran.output).toMatch(/Test Suites: 6 passed, 6 total/);
  });

  it('is a feature whose questions have to be answered first', async () => {
    const ran = await copy.run('nx', 'analyze', 'features', '--feature=word-counter');
    expect(ran.code).not.toBe(0);
    expect(ran.output).toContain('"Requirements" lists fewer than three');
  });

  it('is undone by git', () => {
    const before = readFileSync(join(copy.root, 'README.md'), 'utf8');
    git('checkout', '--quiet', '.');
    git('clean', '--force', '-d', '--quiet');
    expect(changed()).toEqual([]);
    expect(readFileSync(join(copy.root, 'README.md'), 'utf8')).not.toBe(before);
  });
});
