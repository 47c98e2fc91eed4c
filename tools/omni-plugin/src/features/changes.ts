import type { Workspace } from '../doctor/workspace';
import { below } from '../doctor/workspace';
import { codeOf, type Footprint } from './footprint';
import { authsIn } from './similar';

/** A workspace as it was before a feature, as far as a file of it is asked for; null where it was not there. */
export type Before = (file: string) => string | null;

/** What of a feature a human has to look at, a line for each. Pure. */
export function needsHuman(workspace: Workspace, before: Before, footprint: Footprint): string[] {
  return [
    ...changedTypes(workspace, before),
    ...newSecrets(workspace, before, footprint),
    ...newDependencies(workspace, before),
    ...changedBoundaries(workspace, before),
  ];
}

/** The words that travel: what agents and platforms are told and tell. */
function changedTypes(workspace: Workspace, before: Before): string[] {
  return below(workspace, 'libs/contracts/src')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) => {
      const [was, is] = [before(file) ?? '', workspace.read(file)].map(declarationsOf);
      return differences(was, is).map(([kind, name]) => `format: ${kind} type ${name} (${file})`);
    });
}

/** The exported types of a file by name, without comments and blanks. */
export function declarationsOf(source: string): Map<string, string> {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const parts = code.split(/^(?=export )/m).filter((part) => part.startsWith('export '));
  return new Map(
    parts.map((part) => [
      /^export (?:declare )?(?:type|interface|const) (\w+)/.exec(part)?.[1] ?? part.trim().slice(0, 60),
      part.replace(/\s+/g, ' ').trim(),
    ]),
  );
}

/** Fields marked `@Secret()`, and ways to prove who asks, that were not there. */
function newSecrets(workspace: Workspace, before: Before, footprint: Footprint): string[] {
  return codeOf(workspace, footprint)
    .concat('apps/hub/src/agents/agent.models.ts', 'apps/hub/src/config/hub.config.ts')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('tools/'))
    .flatMap((file) => {
      const [was, is] = [before(file) ?? '', workspace.read(file)];
      const secrets = without(secretsIn(is), secretsIn(was)).map((field) => `secret: ${field} (${file})`);
      const auths = without(authsIn(is), authsIn(was)).map((auth) => `auth: ${auth} (${file})`);
      return [...secrets, ...auths];
    });
}

/** The fields of a configuration class that are sealed, and settings that are told to be secret. */
export function secretsIn(source: string): string[] {
  const sealed = source.matchAll(
    /@Secret\(\)(?:\s*\/\*[\s\S]*?\*\/)?(?:\s*@\w+\((?:[^()]|\([^()]*\))*\))*\s*(\w+)[?!]?:/g,
  );
  const settings = source.matchAll(/@Setting\([^;]*?,\s*true,?\s*\)(?:\s*@\w+\([^;]*?\))*?\s*(\w+)[?!]?:/g);
  return [...sealed, ...settings].map(([, field]) => field);
}

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function newDependencies(workspace: Workspace, before: Before): string[] {
  const read = (text: string | null) => JSON.parse(text || '{}') as Manifest;
  const [was, is] = [read(before('package.json')), read(workspace.read('package.json'))];
  return (['dependencies', 'devDependencies'] as const).flatMap((kind) =>
    without(Object.keys(is[kind] ?? {}), Object.keys(was[kind] ?? {})).map(
      (name) => `dependency: ${name} ${is[kind]?.[name]} (${kind})`,
    ),
  );
}

function changedBoundaries(workspace: Workspace, before: Before): string[] {
  return ['eslint.config.mjs', 'tools/boundaries/bans.mjs', 'tools/boundaries/zones.mjs']
    .filter((file) => workspace.has(file) && before(file) !== workspace.read(file))
    .map((file) => `boundaries: ${file} has changed`);
}

/** An OpenAPI document, as far as it is compared. */
export interface ApiDocument {
  paths?: Record<string, Record<string, unknown>>;
  components?: { schemas?: Record<string, unknown> };
}

/** What of the API was added, changed or taken away, a line for each. Pure. */
export function apiChanges(was: ApiDocument, is: ApiDocument): string[] {
  return [
    ...differences(operationsOf(was), operationsOf(is)).map(([kind, name]) => `API: ${kind} ${name}`),
    ...differences(schemasOf(was), schemasOf(is)).map(([kind, name]) => `API: ${kind} schema ${name}`),
  ];
}

function operationsOf({ paths = {} }: ApiDocument): Map<string, string> {
  return new Map(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]): [string, string] => [
        `${method.toUpperCase()} ${path}`,
        JSON.stringify({ ...Object(operation), summary: null, description: null }),
      ]),
    ),
  );
}

function schemasOf({ components }: ApiDocument): Map<string, string> {
  return new Map(
    Object.entries(components?.schemas ?? {}).map(([name, schema]) => [name, JSON.stringify(schema)]),
  );
}

function differences(was: Map<string, string>, is: Map<string, string>): [string, string][] {
  return [
    ...[...is.keys()].filter((name) => !was.has(name)).map((name): [string, string] => ['new', name]),
    ...[...is]
      .filter(([name, text]) => was.has(name) && was.get(name) !== text)
      .map(([name]): [string, string] => ['changed', name]),
    ...[...was.keys()].filter((name) => !is.has(name)).map((name): [string, string] => ['gone', name]),
  ];
}

function without(names: readonly string[], known: readonly string[]): string[] {
  return names.filter((name) => !known.includes(name));
}
