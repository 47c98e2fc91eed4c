import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace/spec-tree';
import { WorkspaceCopy, type Ran } from '../workspace/workspace-copy';

const guide = 'docs/guides/add-a-channel.md';

/** On a machine that is busy a command takes several times as long as it needs. */
const limitMs = 300_000;

/** The commands below one heading. */
interface Step {
  title: string;
  commands: string;
}

/** What a step shows and leaves behind, beside ending well. */
const results: Readonly<Record<string, (ran: Ran, root: string) => void>> = {
  '1. The requirement': (_ran, root) => {
    for (const file of [
      'docs/features/line.md',
      'libs/channels/line/src/line.channel.ts',
      'tools/simulator/src/line/simulator.ts',
    ])
      expect(existsSync(join(root, file))).toBe(true);
    expect(read(root, 'apps/hub/src/channels/registry.ts')).toContain('lineChannel as Channel,');
  },
  '2. It keeps the _required_ rules': ({ output }) => expect(output).toMatch(/Tests: +\d+ passed, \d+ total/),
  '4. Fixtures': ({ output }, root) => {
    expect(read(root, 'libs/channels/line/inventory.txt')).toContain('fixtures/inbound/sticker.json');
    expect(output).toContain('9 passed');
  },
  '6. _Complete_': ({ output }) => {
    expect(output).toContain('channel "line" keeps the complete rules');
    expect(output).toContain('All matched files use Prettier code style!');
  },
  '7. The simulator': ({ output }) => expect(output).toContain('The fake LINE'),
  '8. The black box': ({ output }) => expect(output).toContain('✓ is answered'),
  '9. Release': ({ output }) => expect(output).toMatch(/\bline\b.*\bplanned\b/),
};

describe(guide, () => {
  const steps = stepsOf(readFileSync(join(workspaceRoot, guide), 'utf8'));
  let copy: WorkspaceCopy;

  beforeAll(() => void (copy = new WorkspaceCopy()), limitMs);
  afterAll(() => copy?.remove());

  it('has commands below these headings and no others', () => {
    expect(steps.map(({ title }) => title)).toEqual(Object.keys(results));
  });

  it.each(steps)(
    'can be followed: $title',
    async ({ title, commands }) => {
      const ran = await copy.runShell(commands);
      if (ran.code !== 0) throw new Error(`ended with ${ran.code}:\n${ran.output.slice(-10_000)}`);
      results[title](ran, copy.root);
    },
    limitMs,
  );
});

/** The blocks of commands, in order, each with the heading that it stands below. */
function stepsOf(markdown: string): Step[] {
  let title = '';
  const steps: Step[] = [];
  for (const [, heading, commands] of markdown.matchAll(/^## (.+)$|^```sh\n([^]*?)^```$/gm)) {
    if (heading !== undefined) title = heading;
    else steps.push({ title, commands });
  }
  return steps;
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
