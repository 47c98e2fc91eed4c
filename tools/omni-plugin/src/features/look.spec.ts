import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import analyze from '../executors/analyze';
import build from '../executors/build';
import { historyOf } from './git';
import { commitsOf, loadFeature, reportOf } from './look';
import { releaseNotes } from './notes';
import { writeRecord } from './records';
import { featuresTable } from './table';

const document = `---
feature: line
type: endpoint
priority: high
target: null
docs: https://docs.example.com
auth: null
firstRun:
  passed: 7
  failed: 2
---

# Line

## Overview

People who wait in a line can ask how many are before them.

## Requirements

- One.
- Two.
- Three.

## Similar implementations

[chats](../../apps/hub/src/api/chats.controller.ts) is followed, for it reads by pages as well, and nothing more.

## Plan

1. All of it.

## Decisions needed

- Who may ask?

## Progress
`;
const code = 'apps/hub/src/api/line.controller.ts';

describe('a feature in a workspace', () => {
  let root: string;

  const git = (at: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Spec', '-c', 'user.email=spec@example.com', ...args], {
      cwd: root,
      env: { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
    });
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const commit = (at: string, subject: string) => {
    git(at, 'add', '--all');
    git(at, 'commit', '--quiet', '--message', subject);
  };
  const feature = () => loadFeature(root, 'line');
  const phase = () => reportOf(feature()).standing.phase;
  const passed = (
    name: Parameters<typeof writeRecord>[2],
    tests?: { passed: number; failed: number; coverage: number },
  ) => writeRecord(root, 'line', name, { fingerprint: feature().fingerprint, ...(tests ? { tests } : {}) });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'omni-feature-'));
    git('2026-11-01T00:00:00Z', 'init', '--quiet');
    write('.gitignore', 'dist\n');
    write('package.json', '{"dependencies": {}}');
    write('apps/hub/src/api/chats.controller.ts', 'export const pages = 1;\n');
    write('CHANGELOG.md', '## [Unreleased]\n\n- `GET /api/v1/line`: the line.\n- Another thing.\n');
    commit('2026-11-01T00:00:00Z', 'Start');
    write('docs/features/line.md', document);
    write(code, 'export const line = 1;\nexport const pages = 1;\n');
    write('package.json', '{"dependencies": {"left-pad": "1.0.0"}}');
    commit('2026-11-02T00:00:00Z', 'Add the line');
    write('docs/other.md', 'Other');
    commit('2026-11-03T00:00:00Z', 'Add another thing');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('moves on with what is true, and falls back when its code changes', () => {
    expect(phase()).toBe('analysed');
    passed('build');
    passed('test', { passed: 9, failed: 0, coverage: 91.5 });
    expect(phase()).toBe('tested');
    expect(reportOf(feature()).coverage).toBe(91.5);
    passed('validate');
    passed('deploy');
    expect(phase()).toBe('deployed');
    write(code, 'export const line = 2;\n');
    expect(phase()).toBe('analysed');
    expect(reportOf(feature()).coverage).toBeNull();
  });

  it('is no further than built while its project fails', () => {
    for (const name of ['build', 'test', 'validate'] as const) passed(name);
    write('dist/test-results/hub.json', '{"project": "hub", "failed": 1}');
    expect(phase()).toBe('built');
  });

  it('is released when a version names it', () => {
    write('CHANGELOG.md', '## [Unreleased]\n\n## [1.0.0] - 2026-11-04\n\n- The line.\n');
    expect(phase()).toBe('released');
  });

  it('has its figures from git and the code', () => {
    write(code, 'export const line = 3;\nexport const pages = 1;\n');
    commit('2026-11-04T12:00:00Z', 'Mend the line');
    const report = reportOf(feature());
    expect(report.tookMs).toBe(2.5 * 24 * 3_600_000);
    expect(report.share).toEqual({ pattern: 1, all: 2 });
    expect(report.openDecisions).toEqual(['Who may ask?']);
    expect(report.needsHuman).toEqual(['dependency: left-pad 1.0.0 (dependencies)']);
    const table = featuresTable([report], ['API: new GET /api/v1/line']);
    expect(table.split('\n')[1]).toMatch(
      /^line +endpoint +high +- +analysed +2\.5 days +50 % +- +2 of 9 failed/,
    );
    expect(table).toContain('- Who may ask?');
    expect(table).toContain('- API: new GET /api/v1/line');
  });

  it('is compared with the last release where there is one', () => {
    git('2026-11-04T00:00:00Z', 'tag', 'v1.0.0');
    expect(reportOf(feature()).needsHuman).toEqual([]);
  });

  it('can do without git', () => {
    rmSync(join(root, '.git'), { recursive: true });
    expect(reportOf(feature())).toMatchObject({ tookMs: null, needsHuman: [] });
  });

  it('has release notes: what the changelog says of it, its commits, what is to be looked at', () => {
    const history = historyOf(root);
    const { workspace } = feature();
    const notes = releaseNotes(
      reportOf(feature(), history),
      workspace.read('CHANGELOG.md'),
      commitsOf(history, feature()),
    );
    expect(notes).toContain('People who wait in a line');
    expect(notes).toContain('- `GET /api/v1/line`: the line.');
    expect(notes).toMatch(/- [0-9a-f]{7} Add the line/);
    expect(notes).toContain('- dependency: left-pad');
    expect(notes).not.toContain('nother thing');
  });

  describe('is looked at by the executors:', () => {
    const context = () => ({ root }) as Parameters<typeof analyze>[1];
    let said: string[];

    beforeEach(() => {
      said = [];
      jest.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
    });
    afterEach(() => jest.restoreAllMocks());

    it('analyze passes', async () => {
      expect(await analyze({ feature: 'line' }, context())).toEqual({ success: true });
    });

    it('analyze tells what is missing', async () => {
      write('docs/features/line.md', document.replace('- Three.\n', ''));
      expect(await analyze({ feature: 'line' }, context())).toEqual({ success: false });
      expect(said).toEqual(['line: "Requirements" lists fewer than three']);
    });

    it('an unknown feature is refused with those that there are', async () => {
      expect(await analyze({ feature: 'row' }, context())).toEqual({ success: false });
      expect(said.join()).toMatch(/there is no docs\/features\/row\.md: .* There are: line$/);
    });

    it('build notes that the hub is built with it', async () => {
      expect(await build({ feature: 'line' }, context())).toEqual({ success: false });
      expect(said.join()).toContain('npx nx build hub');
      write('dist/apps/hub/main.js', '');
      expect(await build({ feature: 'line' }, context())).toEqual({ success: true });
      expect(phase()).toBe('built');
    });
  });
});
