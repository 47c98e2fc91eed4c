import { channelLibraries } from '../doctor/channels';
import type { Workspace } from '../doctor/workspace';
import type { FeatureFacts } from './document';

/** Where a feature lives, by its type: everything else is computed from this. */
export interface Footprint {
  /** The project that its tests count for. */
  project: string;
  /** Its code begins with one of these paths. */
  code: string[];
  /** Where other implementations of its kind, and the templates, are: what it has in common with them is pattern. */
  pattern: string[];
  /** One run of Jest for each: a configuration, and which of its specs; all where there are none. */
  runs: { config: string; specs: string[] }[];
  /** Of which files coverage counts, relative to the first run's folder. */
  covered: string[];
  /** What is type-checked. */
  typescript: string[];
}

const templates = (type: string) => `tools/omni-plugin/src/generators/${type}/`;
const uncounted = '!**/*.{spec,suite}.ts';

/** Pure. */
export function footprintOf({ feature, type }: Pick<FeatureFacts, 'feature' | 'type'>): Footprint {
  switch (type) {
    case 'channel':
      return library(`channel-${feature}`, `libs/channels/${feature}`, feature, 'channel', [
        'src/**/handler/**/*.ts',
        'src/**/client/**/*.ts',
      ]);
    case 'service':
      return library(feature, `libs/services/${feature}`, feature, 'service', ['src/**/*.ts']);
    case 'endpoint':
      return {
        project: 'hub',
        code: [`apps/hub/src/api/${feature}.`],
        pattern: ['apps/hub/src/api/', templates('endpoint')],
        runs: [{ config: 'apps/hub/jest.config.cjs', specs: [`src/api/${feature}\\.`] }],
        covered: [`src/api/${feature}.*.ts`, uncounted],
        typescript: ['apps/hub/tsconfig.json'],
      };
    case 'agent':
      return {
        project: 'hub',
        code: [`apps/hub/src/agents/${feature}.agent`, `tools/simulator/src/agent/${feature}-protocol`],
        pattern: ['apps/hub/src/agents/', 'tools/simulator/src/agent/', templates('agent')],
        runs: [
          {
            config: 'apps/hub/jest.config.cjs',
            specs: [`src/agents/${feature}\\.agent`, 'src/agents/agents\\.spec'],
          },
          { config: 'tools/simulator/jest.config.cjs', specs: [`src/agent/${feature}-protocol`] },
        ],
        covered: [`src/agents/${feature}.agent*.ts`, uncounted],
        typescript: ['apps/hub/tsconfig.json', 'tools/simulator/tsconfig.json'],
      };
  }
}

function library(
  project: string,
  root: string,
  feature: string,
  type: 'channel' | 'service',
  covered: string[],
): Footprint {
  return {
    project,
    code: [`${root}/`, `tools/simulator/src/${feature}/`],
    pattern: [`libs/${type}s/`, 'tools/simulator/src/', templates(type)],
    runs: [
      { config: `${root}/jest.config.cjs`, specs: [] },
      { config: 'tools/simulator/jest.config.cjs', specs: [`src/${feature}/`] },
    ],
    covered: [...covered, uncounted],
    typescript: [`${root}/tsconfig.json`, 'tools/simulator/tsconfig.json', 'apps/hub/tsconfig.json'],
  };
}

/** The files that are the feature's own. */
export function codeOf(workspace: Workspace, { code }: Footprint): string[] {
  return workspace.files.filter((file) => code.some((path) => file.startsWith(path)));
}

/** How far a channel's conformance specs go, and which rules they exempt; null where the feature has none. */
export interface Conformance {
  tier: 'required' | 'complete';
  exempt: string[];
}

export function conformanceOf(
  workspace: Workspace,
  { feature, type }: Pick<FeatureFacts, 'feature' | 'type'>,
): Conformance | null {
  const library = type === 'channel' && channelLibraries(workspace).find(({ id }) => id === feature);
  if (!library) return null;
  const specs = library.ways.map(({ spec }) => workspace.read(`${library.root}/${spec}`));
  const isComplete = specs.every((spec) => spec !== '' && !/\btier:\s*['"]required['"]/.test(spec));
  const exempt = specs.flatMap((spec) =>
    [...(/\bexempt:\s*\{([\s\S]*?)\n\s*\}/.exec(spec)?.[1] ?? '').matchAll(/['"]([A-Z]+-\d+)['"]\s*:/g)].map(
      ([, rule]) => rule,
    ),
  );
  return { tier: isComplete ? 'complete' : 'required', exempt };
}
