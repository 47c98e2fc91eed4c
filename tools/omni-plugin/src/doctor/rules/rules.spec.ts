import { noFacts, type Facts } from '../facts';
import { examine } from '../rule';
import { soundFiles } from '../testing/sound';
import { changed, memoryWorkspace } from '../workspace';
import { rules } from './rules';

const facts: Facts = {
  capabilityTables: { acme: { limit: '|limit|bot|\n|---|---|\n|maxTextLength|100|\n' } },
  settingsTable: '| variable | default |\n|---|---|\n| `OMNI_PORT` | `1` |',
  environmentExample: '# OMNI_PORT=1\n',
  problem: null,
};

const sound = soundFiles();
const workspace = memoryWorkspace(sound);
const look = (changes: Record<string, string | null>, known = facts) =>
  examine(rules, changed(workspace, changes), known);

/** The sound file with one passage replaced. */
function edited(file: string, from: string | RegExp, to: string): Record<string, string> {
  const text = sound[file].replace(from, to);
  if (text === sound[file]) throw new Error(`${file} does not hold ${from}`);
  return { [file]: text };
}

const acme = 'libs/channels/acme';
const token = ['7777000', 'AAE' + 'x'.repeat(32)].join(':');
const fixture = (text: string) => ({
  [`${acme}/fixtures/inbound/text.json`]: JSON.stringify({ request: { text } }),
});

/** What is broken, and what the doctor must say: the rule, the file, and a part of the problem. */
const cases: [string, string, Record<string, string | null>, string, string][] = [
  [
    'SHAPE-1',
    'a file of the pattern is gone',
    { [`${acme}/jest.config.cjs`]: null },
    `${acme}/jest.config.cjs`,
    'is missing',
  ],
  [
    'SHAPE-1',
    'a provider lacks a file',
    { 'libs/channels/duo/src/west/client/failures.ts': null },
    'libs/channels/duo/src/west/client/failures.ts',
    'is missing',
  ],
  [
    'SHAPE-2',
    'an export is gone',
    edited(`${acme}/src/index.ts`, /.*acme\.client.*\n/, ''),
    `${acme}/src/index.ts`,
    "does not export './client/acme.client'",
  ],
  [
    'SHAPE-2',
    'an export is too many',
    edited(`${acme}/src/index.ts`, /^/, "export * from './handler/inbound';\n"),
    `${acme}/src/index.ts`,
    'is no part',
  ],
  [
    'SHAPE-3',
    'a field is gone',
    edited(`${acme}/src/acme.channel.ts`, "title: 'Acme',", ''),
    `${acme}/src/acme.channel.ts`,
    'has no title',
  ],
  [
    'SHAPE-3',
    'the id is another',
    edited(`${acme}/src/acme.channel.ts`, "id: 'acme'", "id: 'acne'"),
    `${acme}/src/acme.channel.ts`,
    'has the id acne',
  ],
  [
    'SHAPE-3',
    'the object is not exported',
    edited(`${acme}/src/acme.channel.ts`, 'export const', 'const'),
    `${acme}/src/acme.channel.ts`,
    'as acmeChannel',
  ],
  [
    'SHAPE-3',
    'a class has another name',
    edited(`${acme}/src/models/config.models.ts`, 'AcmeConfig', 'Settings'),
    `${acme}/src/models/config.models.ts`,
    'AcmeConfig',
  ],
  [
    'SHAPE-4',
    'an import leads nowhere',
    edited(`${acme}/src/handler/inbound.ts`, /^/, "import './lost';\n"),
    `${acme}/src/handler/lost.ts`,
    'is missing',
  ],
  [
    'SHAPE-4',
    'a name is not exported',
    edited(`${acme}/src/handler/inbound.ts`, 'export function', 'function'),
    `${acme}/src/handler/inbound.ts`,
    'does not export readUpdate',
  ],
  [
    'SHAPE-5',
    'a file stands beside the layers',
    { [`${acme}/src/helpers.ts`]: 'export {};' },
    `${acme}/src/helpers.ts`,
    'stands in no layer',
  ],
  [
    'SHAPE-5',
    'the boundaries are switched off',
    edited(`${acme}/src/handler/inbound.ts`, /^/, '// eslint-disable-next-line no-restricted-syntax\n'),
    `${acme}/src/handler/inbound.ts`,
    'switches the boundaries off',
  ],
  [
    'SHAPE-5',
    'ESLint is configured anew',
    { [`${acme}/eslint.config.mjs`]: 'export default [];' },
    `${acme}/eslint.config.mjs`,
    'does not begin',
  ],
  [
    'SHAPE-6',
    'a fixture is gone',
    { [`${acme}/fixtures/outbound/send.json`]: null, [`${acme}/fixtures/outbound/other.json`]: '{}' },
    `${acme}/fixtures/outbound/send.json`,
    'is listed',
  ],
  [
    'SHAPE-6',
    'a spec is new',
    { [`${acme}/src/handler/inbound.spec.ts`]: '' },
    `${acme}/inventory.txt`,
    'does not list src/handler/inbound.spec.ts',
  ],
  [
    'SHAPE-6',
    'the inventory is gone',
    { [`${acme}/inventory.txt`]: null },
    `${acme}/inventory.txt`,
    'is missing',
  ],
  [
    'REG-1',
    'a channel is not listed',
    edited('apps/hub/src/channels/registry.ts', 'acmeChannel as Channel, ', ''),
    'apps/hub/src/channels/registry.ts',
    'does not list acmeChannel',
  ],
  [
    'REG-1',
    'a channel is not imported',
    edited('apps/hub/src/channels/registry.ts', /import .*acme.*\n/, ''),
    'apps/hub/src/channels/registry.ts',
    'does not import acmeChannel',
  ],
  [
    'REG-1',
    'what is registered is no channel',
    edited('apps/hub/src/channels/registry.ts', /^/, "import { ghost } from '@omni-hub/channel-ghost';\n"),
    'apps/hub/src/channels/registry.ts',
    'channel-ghost',
  ],
  [
    'REG-2',
    'a path is gone',
    edited('tsconfig.base.json', 'channel-acme"', 'acme"'),
    'tsconfig.base.json',
    'does not map @omni-hub/channel-acme',
  ],
  [
    'REG-2',
    'a path leads nowhere',
    edited(
      'tsconfig.base.json',
      '"@omni-hub/channel-duo"',
      '"@omni-hub/ghost":["./libs/ghost.ts"],"@omni-hub/channel-duo"',
    ),
    'tsconfig.base.json',
    'maps @omni-hub/ghost',
  ],
  [
    'REG-3',
    'a simulator is gone',
    { 'tools/simulator/src/acme/simulator.ts': null },
    'tools/simulator/src/acme',
    'is missing',
  ],
  [
    'REG-3',
    'a simulator is for nothing',
    { 'tools/simulator/src/ghost/simulator.ts': '' },
    'tools/simulator/src/ghost',
    'no channel',
  ],
  [
    'FIX-1',
    'a fixture lies elsewhere',
    { [`${acme}/fixtures/text.json`]: '{}' },
    `${acme}/fixtures/text.json`,
    'no conformance spec',
  ],
  [
    'FIX-1',
    'a named fixture is gone',
    { [`${acme}/fixtures/inbound/text.json`]: null, [`${acme}/fixtures/inbound/b.json`]: '{}' },
    `${acme}/fixtures/inbound/text.json`,
    'names it',
  ],
  [
    'FIX-2',
    'a fixture holds a token',
    fixture(`it is ${token}`),
    `${acme}/fixtures/inbound/text.json`,
    'request.text looks like a Telegram bot token',
  ],
  [
    'FIX-2',
    'a fixture holds a long key',
    fixture('q3VtUXk0' + 'Zm9vYmFyMTIzNDU2Nzg5MDEyMzQ1Njc4OTA='),
    `${acme}/fixtures/inbound/text.json`,
    'a long key',
  ],
  [
    'FIX-3',
    'an exemption is from no rule',
    edited(`${acme}/src/acme.conformance.spec.ts`, "'IN-1'", "'IN-99'"),
    `${acme}/src/acme.conformance.spec.ts`,
    'no such rule',
  ],
  [
    'FIX-3',
    'an exemption has no reason',
    edited(`${acme}/src/acme.conformance.spec.ts`, /'There is.*?'/, "'Because.'"),
    `${acme}/src/acme.conformance.spec.ts`,
    'without a reason',
  ],
  ['DOC-1', 'a link is dead', { 'README.md': '[x](docs/gone.md)' }, 'README.md', 'which is not there'],
  [
    'DOC-1',
    'an anchor is dead',
    { 'README.md': '[x](docs/patterns/doctor.md#gone)' },
    'README.md',
    'no such heading',
  ],
  [
    'DOC-2',
    "a rule of the kit's has no section",
    { 'docs/patterns/conformance.md': '# The kit\n\n## META-1\n', 'README.md': '' },
    'docs/patterns/conformance.md',
    'no section for IN-1',
  ],
  [
    'DOC-2',
    'a section is of no rule',
    edited('docs/patterns/doctor.md', /$/, '\n## ODD-1\n'),
    'docs/patterns/doctor.md',
    'ODD-1',
  ],
  [
    'DOC-3',
    'a capability is told wrong',
    edited(`${acme}/README.md`, '100', '200'),
    `${acme}/README.md`,
    '"limit"',
  ],
  [
    'DOC-4',
    'a setting is told wrong',
    edited('docs/guides/configuration.md', '`1`', '`2`'),
    'docs/guides/configuration.md',
    'another table',
  ],
  ['DOC-4', 'the example is another', { '.env.example': '' }, '.env.example', 'other settings'],
  [
    'DOC-5',
    'a name is not exported',
    { 'README.md': "```ts\nimport { ghost } from '@omni-hub/channel-acme';\n```\n" },
    'README.md',
    'ghost',
  ],
  [
    'DOC-5',
    'a package is no dependency',
    { 'README.md': "```ts\nimport x from 'left-pad';\n```\n" },
    'README.md',
    'left-pad',
  ],
  [
    'WS-1',
    'Nx is mixed',
    edited('package.json', '"@nx/js":"2.0.0"', '"@nx/js":"2.0.1"'),
    'package.json',
    '@nx/js 2.0.1',
  ],
  [
    'WS-2',
    'a version is a range',
    edited('package.json', '"axios":"1.0.0"', '"axios":"^1.0.0"'),
    'package.json',
    'axios ^1.0.0',
  ],
  [
    'WS-3',
    'a dependency has no reason',
    edited('package.json', '"axios"', '"got":"1.0.0","axios"'),
    'docs/decisions/0006-dependencies.md',
    'no line for got',
  ],
  [
    'WS-3',
    'a reason has no dependency',
    edited('package.json', '"axios":"1.0.0",', ''),
    'docs/decisions/0006-dependencies.md',
    'a line for axios',
  ],
  [
    'WS-4',
    'a project has no tag',
    { 'apps/hub/project.json': '{ "name": "hub" }' },
    'apps/hub/project.json',
    'has no tags',
  ],
  [
    'WS-4',
    'a tag is unknown',
    edited('apps/hub/project.json', 'type:app', 'type:odd'),
    'apps/hub/project.json',
    'type:odd',
  ],
  [
    'WS-5',
    'a project has another name',
    edited(`${acme}/project.json`, 'channel-acme', 'acme'),
    `${acme}/project.json`,
    'it is channel-acme',
  ],
  [
    'WS-6',
    'a decision is not indexed',
    { 'docs/decisions/0007-x.md': '# 0007 X\n' },
    'docs/decisions/README.md',
    '0007-x.md',
  ],
  [
    'WS-6',
    'a title has no number',
    edited('docs/decisions/0006-dependencies.md', '# 0006 ', '# '),
    'docs/decisions/0006-dependencies.md',
    'title',
  ],
  [
    'WS-6',
    'two decisions share a number',
    { 'docs/decisions/0006-x.md': '# 0006 X\n' },
    'docs/decisions/0006-x.md',
    'shares its number',
  ],
  [
    'WS-7',
    'a feature lacks a section',
    edited('docs/features/duo.md', '## Plan\n', ''),
    'docs/features/duo.md',
    '"Plan"',
  ],
];

describe('the doctor', () => {
  it('finds nothing in a sound workspace', () => expect(look({})).toEqual([]));

  it('says nothing of tables where no code can be run', () => {
    const silent = look({ [`${acme}/README.md`]: '# Acme' }, noFacts);
    expect(silent).toEqual([]);
  });

  it('tells that code cannot be run', () => {
    expect(look({}, { ...noFacts, problem: 'Cannot find module' })).toMatchObject([
      { rule: 'DOC-3', problem: expect.stringContaining('Cannot find module') },
    ]);
  });

  it('has a case for every rule here', () => {
    expect(new Set(cases.map(([rule]) => rule))).toEqual(new Set(rules.map(({ id }) => id)));
  });

  it.each(cases)('names by %s that %s', (rule, _what, changes, file, problem) => {
    const findings = look(changes).filter((finding) => finding.rule === rule);
    expect(findings).toContainEqual(
      expect.objectContaining({ file, problem: expect.stringContaining(problem) }),
    );
    for (const { fix, why } of findings) expect([fix, why]).not.toContain('');
  });

  it.each(['SHAPE-2', 'SHAPE-6', 'DOC-3', 'DOC-4'])('can mend what breaks %s', (rule) => {
    const [, , changes] = cases.find(
      ([id, , , file]) =>
        id === rule && file !== 'docs/guides/configuration.md' && !file.endsWith('send.json'),
    )!;
    const mended = look(changes).flatMap(({ file, mended: text }) =>
      text === undefined ? [] : [[file, text]],
    );
    expect(look({ ...changes, ...Object.fromEntries(mended) }).filter((left) => left.rule === rule)).toEqual(
      [],
    );
  });
});
