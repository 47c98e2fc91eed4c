import { tableRows } from '../doctor/markdown';
import { below, foldersIn, type Workspace } from '../doctor/workspace';
import type { FeatureType } from './document';

/** What is known of a feature before it exists. */
export interface Wanted {
  feature: string;
  type: FeatureType;
  auth: string | null;
  transport: string | null;
}

/** An implementation of the same kind. */
export interface Similar {
  name: string;
  /** The file to read first, from the workspace's root. */
  file: string;
  auth: string;
  transport: string;
  /** How much it has in common with what is wanted; the most similar first. */
  points: number;
  /** What it can do, in words. */
  can: string;
}

/** Everything of the kind that exists, the most similar first: by tag, by how it is proven, by how events come in. Pure. */
export function similarTo(workspace: Workspace, wanted: Wanted): Similar[] {
  return found(workspace, wanted)
    .filter(({ name }) => name !== wanted.feature)
    .sort((one, other) => other.points - one.points || one.name.localeCompare(other.name));
}

function found(workspace: Workspace, wanted: Wanted): Similar[] {
  switch (wanted.type) {
    case 'channel':
      return projectsIn(workspace, 'libs/channels', 'type:channel').map((root) =>
        channel(workspace, root, wanted),
      );
    case 'service':
      return projectsIn(workspace, 'libs/services', 'type:service').map((root) => ({
        ...known(workspace, root, `${root}/README.md`, wanted),
        can: `${below(workspace, `${root}/src`).length} files`,
      }));
    case 'endpoint':
      return named(workspace, 'apps/hub/src/api', /\/([\w-]+)\.controller\.ts$/).map(([name, file]) => ({
        ...known(workspace, file, file, wanted),
        name,
        can: routesOf(workspace.read(file)).join(', '),
      }));
    case 'agent':
      return named(workspace, 'apps/hub/src/agents', /\/([\w-]+)\.agent\.ts$/).map(([name, file]) => ({
        ...known(workspace, file, file, wanted),
        name,
        can: /readEvents|readStream|streamed/.test(workspace.read(file)) ? 'streams' : 'answers whole',
      }));
  }
}

/** Abilities and ways in as its README tells them, which the kit holds against its capabilities. */
function channel(workspace: Workspace, root: string, wanted: Wanted): Similar {
  const sources = below(workspace, `${root}/src`);
  const [, table = ''] =
    /^(\| ability [\s\S]*?)(?:\n\n|(?![\s\S]))/m.exec(workspace.read(`${root}/README.md`)) ?? [];
  const abilities = tableRows(table)
    .filter(([, ...answers]) => answers.includes('yes'))
    .map(([ability]) => ability);
  const listener = sources.find((file) => file.endsWith('/listener.ts'));
  const ways = [
    ...(abilities.includes('receive') ? ['webhook'] : []),
    ...(listener ? [/gateway|websocket/i.test(workspace.read(listener)) ? 'gateway' : 'polling'] : []),
  ];
  const facts = known(workspace, root, `${root}/README.md`, wanted);
  const transport = ways.join(', ') || 'none';
  return {
    ...facts,
    transport,
    points: facts.points + (wanted.transport !== null && ways.includes(wanted.transport) ? 2 : 0),
    can: abilities.filter((ability) => ability !== 'receive' && ability !== 'listen').join(', '),
  };
}

function known(workspace: Workspace, root: string, file: string, wanted: Wanted): Similar {
  const code = workspace.has(root)
    ? workspace.read(root)
    : below(workspace, root)
        .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
        .map((path) => workspace.read(path))
        .join('\n');
  const auths = authsIn(code);
  return {
    name: root.split('/').at(-1) ?? root,
    file,
    auth: auths.join(', ') || 'none',
    transport: 'http',
    points: 1 + (wanted.auth !== null && auths.includes(wanted.auth) ? 2 : 0),
    can: '',
  };
}

/** How code proves or checks who asks, by the functions of the SDK that it calls. */
export function authsIn(code: string): string[] {
  const signs: [string, RegExp][] = [
    ['hmac', /\bverifyHmac\w*\(|\bcreateHmac\(|\bsignStandardWebhook\(/],
    ['ed25519', /\bverifyEd25519\(/],
    ['token', /\bsafeEqual\(|authorization: `|'x-api-key'/],
  ];
  return signs.filter(([, sign]) => sign.test(code)).map(([auth]) => auth);
}

function projectsIn(workspace: Workspace, folder: string, tag: string): string[] {
  return foldersIn(workspace, folder)
    .map((name) => `${folder}/${name}`)
    .filter((root) => workspace.read(`${root}/project.json`).includes(`"${tag}"`));
}

function named(workspace: Workspace, folder: string, pattern: RegExp): [string, string][] {
  return below(workspace, folder).flatMap((file) => {
    const name = pattern.exec(file)?.[1];
    return name === undefined ? [] : [[name, file] as [string, string]];
  });
}

function routesOf(controller: string): string[] {
  return [...controller.matchAll(/^ {2}@(Get|Post|Put|Patch|Delete)\(/gm)].map(([, verb]) =>
    verb.toUpperCase(),
  );
}
