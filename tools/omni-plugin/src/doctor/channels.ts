import { below, foldersIn, type Workspace } from './workspace';

/** One way to a platform: the whole library, or one of its providers. */
export interface Way {
  /** What its files are named by: the channel's id, or the provider's. */
  name: string;
  /** The folder of its layers, relative to the library: `src`, or `src/<provider>`. */
  source: string;
  /** The folder of its fixtures, relative to the library. */
  fixtures: string;
  /** Its conformance spec, relative to the library. */
  spec: string;
}

/** A channel's library, as its folders tell. */
export interface ChannelLibrary {
  id: string;
  /** `libs/channels/<id>` */
  root: string;
  ways: Way[];
  hasProviders: boolean;
}

export const layers = ['models', 'client', 'handler'] as const;

/** Every folder in libs/channels. */
export function channelLibraries(workspace: Workspace): ChannelLibrary[] {
  return foldersIn(workspace, 'libs/channels').map((id) => library(workspace, id));
}

/** The name that a channel's object is exported by. */
export function objectName(id: string): string {
  return `${id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}Channel`;
}

/** The library's files, relative to it. */
export function filesOf(workspace: Workspace, { root }: ChannelLibrary): string[] {
  return below(workspace, root).map((file) => file.slice(root.length + 1));
}

function library(workspace: Workspace, id: string): ChannelLibrary {
  const root = `libs/channels/${id}`;
  const providers = providersOf(workspace, root);
  const ways = providers.map((name) => ({
    name,
    source: `src/${name}`,
    fixtures: `fixtures/${name}`,
    spec: `src/${id}.${name}.conformance.spec.ts`,
  }));
  const whole = { name: id, source: 'src', fixtures: 'fixtures', spec: `src/${id}.conformance.spec.ts` };
  return { id, root, ways: ways.length > 0 ? ways : [whole], hasProviders: ways.length > 0 };
}

/** A provider is a folder of src that is no layer and has layers of its own. */
function providersOf(workspace: Workspace, root: string): string[] {
  return foldersIn(workspace, `${root}/src`).filter(
    (folder) =>
      !layers.includes(folder as (typeof layers)[number]) &&
      layers.some((layer) => below(workspace, `${root}/src/${folder}/${layer}`).length > 0),
  );
}
