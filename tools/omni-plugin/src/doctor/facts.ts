import { join } from 'node:path';

/** What only running code can tell. Null where it cannot be run: `problem` says why. */
export interface Facts {
  /** The capability tables of each registered channel, by its id and the table's heading, without blanks that align columns. */
  capabilityTables: Readonly<Record<string, Readonly<Record<string, string>>>> | null;
  /** The table of settings in docs/guides/configuration.md. */
  settingsTable: string | null;
  /** The whole of `.env.example`. */
  environmentExample: string | null;
  problem: string | null;
}

/** For those who look at files alone: every rule that needs facts is silent. */
export const noFacts: Facts = {
  capabilityTables: null,
  settingsTable: null,
  environmentExample: null,
  problem: null,
};

interface ReadmeModule {
  capabilityTables(capabilities: object): Record<string, string>;
}

interface RegistryModule {
  channelRegistry: readonly { id: string; capabilities: object }[];
}

interface DocumentsModule {
  settingsTable(): string;
  environmentExample(): string;
}

/** Runs the code of the workspace in `root`, which may be another than this one. Never throws. */
export function loadFacts(root: string): Facts {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const load = <Module>(file: string) => require(join(root, file)) as Module;
  try {
    const { capabilityTables } = load<ReadmeModule>('libs/channel-testing/src/readme.ts');
    const { channelRegistry } = load<RegistryModule>('apps/hub/src/channels/registry.ts');
    const documents = load<DocumentsModule>('apps/hub/src/config/documents.ts');
    return {
      capabilityTables: Object.fromEntries(
        channelRegistry.map(({ id, capabilities }) => [id, capabilityTables(capabilities)]),
      ),
      settingsTable: documents.settingsTable(),
      environmentExample: documents.environmentExample(),
      problem: null,
    };
  } catch (error) {
    return { ...noFacts, problem: (error as Error).message.split('\n')[0] };
  }
}
