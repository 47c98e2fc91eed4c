import { channelLibraries, filesOf, objectName, type ChannelLibrary } from '../channels';
import type { Problem, Rule } from '../rule';
import { constant, fieldsOf, literalOf, readSource } from '../source';
import type { Workspace } from '../workspace';

/** SHAPE-2 */
export const shapeIndex: Rule = {
  id: 'SHAPE-2',
  what: 'src/index.ts exports the channel object, the handlers, the clients and the models, and nothing else',
  why: 'the hub, its specs and the tools take the same names from every channel; what is not exported may change freely',
  fix: 'run `npm run doctor -- --fix`, which writes the list of exports',
  check: (workspace) => channelLibraries(workspace).flatMap((library) => indexProblems(workspace, library)),
};

/** SHAPE-3 */
export const shapeObject: Rule = {
  id: 'SHAPE-3',
  what: 'the channel object has every field, and each main file exports what it is named after',
  why: 'the hub knows a channel by this object alone, and ids that it makes begin with `id` for ever',
  fix: 'write the field as docs/patterns/channel.md#the-contract shows it',
  check: (workspace) =>
    channelLibraries(workspace).flatMap((library) => [
      ...objectProblems(workspace, library),
      ...classProblems(workspace, library),
    ]),
};

const fields: Record<string, string> = {
  id: 'the prefix of every id that the channel makes',
  title: 'what people read',
  configClass: 'the class of models/config.models.ts',
  capabilities: 'one entry, or one for each provider',
  create: 'makes the handler, without I/O',
};

function indexProblems(workspace: Workspace, library: ChannelLibrary): Problem[] {
  const file = `${library.root}/src/index.ts`;
  if (!workspace.has(file)) return [];
  const { stars, exports } = readSource(workspace.read(file));
  const wanted = exportsOf(workspace, library);
  const missing = wanted
    .filter((from) => !stars.includes(from))
    .map((from) => `does not export './${from.slice(2)}'`);
  const more = stars
    .filter((from) => !wanted.includes(from))
    .map((from) => `exports '${from}', which is no part of what a channel shows`);
  const named = exports.map(
    (name) => `exports ${name} by name: pass on whole files, so that nothing is forgotten`,
  );
  const mended = `${wanted.map((from) => `export * from '${from}';`).join('\n')}\n`;
  return [...missing, ...more, ...named].map((problem) => ({ file, problem, mended }));
}

/** The files that the index passes on, as it names them, sorted. Those of a provider's own models stay inside. */
function exportsOf(workspace: Workspace, library: ChannelLibrary): string[] {
  const models = filesOf(workspace, library).filter((file) => /^src\/models\/[^/]+\.models\.ts$/.test(file));
  const files = [
    `src/${library.id}.channel.ts`,
    ...library.ways.flatMap(({ source, name }) => [
      `${source}/client/${name}.client.ts`,
      `${source}/handler/${name}.handler.ts`,
    ]),
    ...models,
  ];
  return files.map((file) => `./${file.slice('src/'.length, -'.ts'.length)}`).sort();
}

function objectProblems(workspace: Workspace, { id, root }: ChannelLibrary): Problem[] {
  const file = `${root}/src/${id}.channel.ts`;
  if (!workspace.has(file)) return [];
  const name = objectName(id);
  const text = workspace.read(file);
  const object = constant(text, name);
  if (!object || !readSource(text).exports.includes(name)) {
    return [
      {
        file,
        problem: `does not export the channel object as ${name}`,
        fix: `export const ${name}: Channel<…> = { … }`,
      },
    ];
  }
  const given = fieldsOf(object);
  const missing = Object.entries(fields)
    .filter(([field]) => !given.has(field))
    .map(([field, what]) => ({ file, problem: `${name} has no ${field}`, fix: `add \`${field}\`: ${what}` }));
  const told = literalOf(given.get('id'));
  const otherId = given.has('id') && told !== id;
  const wrong = otherId
    ? [
        {
          file,
          problem: `${name} has the id ${told ?? 'of another file'}`,
          fix: `its id is that of its folder: '${id}'`,
        },
      ]
    : [];
  return [...missing, ...wrong];
}

/** `telegram.handler.ts` exports TelegramHandler, however its letters are written. */
function classProblems(workspace: Workspace, { id, root, ways }: ChannelLibrary): Problem[] {
  const wanted = [
    { file: 'src/models/config.models.ts', name: `${id} config` },
    ...ways.flatMap(({ source, name }) => [
      { file: `${source}/client/${name}.client.ts`, name: `${name} client` },
      { file: `${source}/handler/${name}.handler.ts`, name: `${name} handler` },
    ]),
  ];
  return wanted
    .map(({ file, name }) => ({ file: `${root}/${file}`, name }))
    .filter(({ file, name }) => workspace.has(file) && !exportsNamed(workspace.read(file), name))
    .map(({ file, name }) => ({
      file,
      problem: `exports no class that is named after it: ${pascal(name)}`,
      fix: `export class ${pascal(name)}`,
    }));
}

function exportsNamed(text: string, name: string): boolean {
  const wanted = pascal(name).toLowerCase();
  return readSource(text).exports.some((exported) => exported.toLowerCase() === wanted);
}

function pascal(words: string): string {
  return words
    .split(/[ -]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
