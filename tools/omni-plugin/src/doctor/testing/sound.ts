import { inventoryOf } from '../rules/shape-inventory';
import { rules } from '../rules/rules';

const channelFiles = (
  id: string,
  ways: { name: string; source: string; fixtures: string; spec: string }[],
) => {
  const [first] = ways;
  const root = `libs/channels/${id}`;
  const title = id.charAt(0).toUpperCase() + id.slice(1);
  const exported = [
    `./${id}.channel`,
    ...ways.flatMap(({ name, source }) => [
      `.${source.slice(3)}/client/${name}.client`,
      `.${source.slice(3)}/handler/${name}.handler`,
    ]),
    './models/config.models',
    ...(ways.length === 1 ? ['./models/api.models', './models/inbound.models'] : []),
  ].sort();
  const files: Record<string, string> = {
    'README.md': `# ${title}\n\n| limit | bot |\n| --- | --- |\n| maxTextLength | 100 |\n`,
    'project.json': `{ "name": "channel-${id}", "tags": ["type:channel"] }`,
    'jest.config.cjs': 'module.exports = {};\n',
    'eslint.config.mjs': "import base from '../../../eslint.config.mjs';\nexport default [...base];\n",
    'tsconfig.json': '{}',
    'fixtures/README.md': '# Fixtures\n',
    'src/index.ts': exported.map((from) => `export * from '${from}';\n`).join(''),
    [`src/${id}.channel.ts`]: `import { ${pascal(first.name)}Handler } from '.${first.source.slice(3)}/handler/${first.name}.handler';
import { ${title}Config } from './models/config.models';
export const ${id}Channel: Channel<${title}Config> = {
  id: '${id}', title: '${title}', configClass: ${title}Config, capabilities: {}, create: (config) => new ${pascal(first.name)}Handler(config),
};
`,
    [`src/${id}.readme.spec.ts`]: 'describeReadme();\n',
    'src/models/config.models.ts': `export class ${title}Config {}\n`,
  };
  for (const { name, source, fixtures, spec } of ways) {
    const named = pascal(name);
    Object.assign(files, {
      [spec]: `describeChannelConformance({ fixtures: join(__dirname, '../${fixtures}'), listen: { deliveries: ['inbound/text.json'] }, exempt: { 'IN-1': 'There is nothing that could come in.' } });\n`,
      [`${fixtures}/inbound/text.json`]: '{ "source": "docs", "request": { "text": "hi" } }',
      [`${fixtures}/outbound/send.json`]: '{ "source": "docs", "input": {} }',
      [`${source}/models/inbound.models.ts`]: 'export interface Update {}\n',
      [`${source}/models/api.models.ts`]: 'export interface Call {}\n',
      [`${source}/client/failures.ts`]: 'export function toFailure() {}\n',
      [`${source}/client/${name}.client.ts`]: `import { toFailure } from './failures';\nexport class ${named}Client { fail = toFailure; }\n`,
      [`${source}/handler/inbound.ts`]: 'export function readUpdate() {}\n',
      [`${source}/handler/outbound.ts`]: 'export const toCalls = () => [];\n',
      [`${source}/handler/${name}.handler.ts`]: `import { readUpdate } from './inbound';
import { toCalls } from './outbound';
import { ${named}Client } from '../client/${name}.client';
export class ${named}Handler { read = readUpdate; calls = toCalls; client = ${named}Client; }
`,
    });
  }
  files['inventory.txt'] = inventoryOf(Object.keys(files));
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${root}/${file}`, text]));
};

const pascal = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const sections = (ids: readonly string[]) => ids.map((id) => `## ${id}\n`).join('\n');
const provider = (id: string, name: string) => ({
  name,
  source: `src/${name}`,
  fixtures: `fixtures/${name}`,
  spec: `src/${id}.${name}.conformance.spec.ts`,
});

/** A small workspace in which the doctor finds nothing: a plain channel `acme`, and `duo` with two providers. */
export function soundFiles(): Record<string, string> {
  return {
    ...channelFiles('acme', [
      { name: 'acme', source: 'src', fixtures: 'fixtures', spec: 'src/acme.conformance.spec.ts' },
    ]),
    ...channelFiles('duo', [provider('duo', 'east'), provider('duo', 'west')]),
    'apps/hub/src/channels/registry.ts': `import { acmeChannel } from '@omni-hub/channel-acme';
import { duoChannel } from '@omni-hub/channel-duo';
import type { Channel } from '@omni-hub/channel-sdk';
export const channelRegistry: readonly Channel[] = [acmeChannel as Channel, duoChannel as Channel];
`,
    'tsconfig.base.json': JSON.stringify({
      compilerOptions: {
        paths: {
          '@omni-hub/channel-acme': ['./libs/channels/acme/src/index.ts'],
          '@omni-hub/channel-duo': ['./libs/channels/duo/src/index.ts'],
        },
      },
    }),
    'tools/simulator/src/acme/simulator.ts': 'export {};\n',
    'tools/simulator/src/duo-east/simulator.ts': 'export {};\n',
    'tools/simulator/src/west/simulator.ts': 'export {};\n',
    'libs/channel-testing/src/rules/rule.ts': "export const ruleIds = ['IN-1', 'META-1'] as const;\n",
    'docs/patterns/conformance.md': `# The kit\n\n${sections(['IN-1', 'META-1'])}`,
    'docs/patterns/doctor.md': `# The doctor\n\n${sections(rules.map(({ id }) => id))}`,
    'docs/guides/configuration.md':
      '# Settings\n\n| variable | default |\n|---|---|\n| `OMNI_PORT` | `1` |\n',
    '.env.example': '# OMNI_PORT=1\n',
    'README.md': '# Hub\n\n[The kit](docs/patterns/conformance.md#in-1), [guides](docs/guides)\n',
    'package.json': JSON.stringify({
      dependencies: { axios: '1.0.0', '@nestjs/common': '1.0.0', '@nestjs/core': '1.0.0' },
      devDependencies: { nx: '2.0.0', '@nx/js': '2.0.0', '@types/node': '1.0.0' },
    }),
    'docs/decisions/README.md':
      '# Decisions\n\n| no. | decision |\n| --- | --- |\n| [0006](0006-dependencies.md) | Reasons |\n',
    'docs/decisions/0006-dependencies.md':
      '# 0006 Reasons\n\n| package | why |\n| --- | --- |\n| axios, @nestjs/{common,core} | it is |\n| nx, @nx/js, @types/\\* | so |\n',
    'eslint.config.mjs': 'const mayImport = { app: [], channel: [] };\n',
    'apps/hub/project.json': '{ "name": "hub", "tags": ["type:app"] }',
    'docs/features/duo.md':
      '# Duo\n\n## Overview\n## Requirements\n## Similar implementations\n## Plan\n## Decisions needed\n## Progress\n',
  };
}
