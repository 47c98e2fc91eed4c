import { channelLibraries, filesOf, type ChannelLibrary, type Way } from '../channels';
import type { Problem, Rule } from '../rule';
import type { Workspace } from '../workspace';

/** A file that each channel must have, relative to its library, and what belongs into it. */
type Pattern = Record<string, string>;

const example = 'copy its shape from libs/channels/telegram';

/** SHAPE-1 */
export const shapeFiles: Rule = {
  id: 'SHAPE-1',
  what: 'every file of the channel pattern is there',
  why: 'all channels look alike, so that reading one teaches the others and every tool finds its way',
  fix: `write the file; ${example}`,
  check: (workspace) => channelLibraries(workspace).flatMap((library) => missingFiles(workspace, library)),
};

function missingFiles(workspace: Workspace, library: ChannelLibrary): Problem[] {
  const { root } = library;
  const files = Object.entries(patternOf(library))
    .filter(([file]) => !workspace.has(`${root}/${file}`))
    .map(([file, content]) => ({
      file: `${root}/${file}`,
      problem: 'is missing',
      fix: `write it: ${content}; ${example}`,
    }));
  const fixtures = library.ways
    .flatMap(({ fixtures: folder }) => [`${folder}/inbound`, `${folder}/outbound`])
    .filter((folder) => !filesOf(workspace, library).some((file) => file.startsWith(`${folder}/`)))
    .map((folder) => ({
      file: `${root}/${folder}`,
      problem: 'holds no fixture',
      fix: 'record or derive one for each thing that the platform says or takes: docs/patterns/testing.md#fixtures',
    }));
  return [...files, ...fixtures];
}

function patternOf({ id, ways, hasProviders }: ChannelLibrary): Pattern {
  return {
    'README.md': 'steps to set it up, the form of its ids, the capability tables, what is peculiar',
    'project.json': `the Nx project channel-${id} with the tag type:channel`,
    'jest.config.cjs': 'the preset of the workspace and the name of the project',
    'eslint.config.mjs': "the workspace's configuration, which has the boundaries",
    'tsconfig.json': "the workspace's tsconfig.base.json over src",
    'fixtures/README.md': 'where the fixtures come from and under which licence',
    'src/index.ts': 'the channel object, the handlers, the clients and the models, nothing else',
    [`src/${id}.channel.ts`]: 'the channel as one object',
    [`src/${id}.readme.spec.ts`]: 'one call of describeReadme, which compares the capability tables',
    'src/models/config.models.ts': 'the configuration, as a class-validator class',
    ...Object.assign({}, ...ways.map((way) => patternOfWay(way, hasProviders))),
  };
}

function patternOfWay({ name, source, spec }: Way, isProvider: boolean): Pattern {
  return {
    [spec]: `one call of describeChannelConformance${isProvider ? ` for the provider ${name}` : ''}`,
    [`${source}/models/inbound.models.ts`]: 'what the platform says, as types',
    [`${source}/models/api.models.ts`]: 'what the platform takes, as types',
    [`${source}/client/${name}.client.ts`]: 'the only file that touches the network',
    [`${source}/client/failures.ts`]: "the platform's error bodies as errors of the closed list",
    [`${source}/handler/${name}.handler.ts`]: 'receive, send and the abilities, in order',
    [`${source}/handler/inbound.ts`]: 'payload to events, pure',
    [`${source}/handler/outbound.ts`]: 'content to calls, pure',
  };
}
