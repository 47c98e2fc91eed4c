import type { Conformance } from './footprint';

export const phases = [
  'planned',
  'analysed',
  'built',
  'tested',
  'validated',
  'deployed',
  'released',
] as const;
export type Phase = (typeof phases)[number];

/** What is true of a feature in the workspace. */
export interface Truth {
  feature: string;
  analysisProblems: string[];
  /** Its code is there. */
  exists: boolean;
  /** Which targets went well for the code as it is. */
  built: boolean;
  tested: boolean;
  validated: boolean;
  deployed: boolean;
  /** What the last run of the whole project counted; null where it was not run. */
  lastFailures: number | null;
  conformance: Conformance | null;
  released: boolean;
}

/** How far a feature is, and what keeps it from being further. */
export interface Standing {
  phase: Phase;
  next: string;
}

/** Every phase needs those before it. Pure. */
export function standingOf(truth: Truth): Standing {
  const { feature, analysisProblems, conformance, lastFailures } = truth;
  const run = (target: string) => `npx nx ${target} features --feature=${feature}`;
  if (truth.released) return { phase: 'released', next: '' };
  if (analysisProblems.length > 0) return { phase: 'planned', next: analysisProblems[0] };
  if (!truth.exists) return { phase: 'analysed', next: 'there is no code of it yet' };
  if (!truth.built) return { phase: 'analysed', next: run('build') };
  if (lastFailures !== null && lastFailures > 0)
    return { phase: 'built', next: `the last run of its project counted ${lastFailures} failures` };
  if (!truth.tested) return { phase: 'built', next: run('test') };
  if (conformance?.tier === 'required')
    return { phase: 'tested', next: 'its conformance spec asks for the required rules only' };
  if (!truth.validated) return { phase: 'tested', next: run('validate') };
  if (!truth.deployed) return { phase: 'validated', next: run('deploy') };
  return { phase: 'deployed', next: 'a release that names it in CHANGELOG.md' };
}

/** True when a released version's part of the changelog names the feature. */
export function isReleased(changelog: string, names: readonly string[]): boolean {
  const versions = changelog.split(/^## /m).filter((part) => /^\[\d/.test(part));
  return versions.some((part) => mentions(part, names));
}

/** True when a text has one of the names as a word of its own, in whatever case. */
export function mentions(text: string, names: readonly string[]): boolean {
  return names.some((name) =>
    new RegExp(`(?<![\\p{L}\\p{N}-])${escaped(name)}(?![\\p{L}\\p{N}-])`, 'iu').test(text),
  );
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
