import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskWorkspace } from '../doctor/disk';
import type { Workspace } from '../doctor/workspace';
import { namesOf } from '../workspace/names';
import { needsHuman } from './changes';
import {
  analysisProblems,
  documentOf,
  featureFolder,
  openDecisions,
  readDocument,
  type FeatureDocument,
} from './document';
import { codeOf, conformanceOf, footprintOf, type Footprint } from './footprint';
import { historyOf, type Commit, type History } from './git';
import { isReleased, standingOf, type Standing } from './phase';
import { fingerprintOf, lastFailures, readRecord, type RecordedPhase } from './records';
import { patternShare, type Share } from './share';

/** A feature with where it lives. */
export interface Feature {
  root: string;
  workspace: Workspace;
  document: FeatureDocument;
  footprint: Footprint;
  fingerprint: string;
}

/** Everything that `npm run features` tells of one. */
export interface FeatureReport {
  document: FeatureDocument;
  standing: Standing;
  /** From the first commit that touched it to the last, milliseconds; null where there is none. */
  tookMs: number | null;
  share: Share;
  /** Per cent of the lines; null where `test` was not run for the code as it is. */
  coverage: number | null;
  exempt: string[];
  openDecisions: string[];
  needsHuman: string[];
}

/** The features of a workspace, by name. */
export function featuresIn(workspace: Workspace): string[] {
  return workspace.files.flatMap((file) => {
    const [, name] = new RegExp(`^${featureFolder}/([a-z0-9-]+)\\.md$`).exec(file) ?? [];
    return name === undefined ? [] : [name];
  });
}

/** Throws where there is no such feature, or where its document cannot be read. */
export function loadFeature(root: string, name: string, workspace = diskWorkspace(root)): Feature {
  const file = documentOf(name);
  if (!existsSync(join(root, file))) {
    const known = featuresIn(workspace).join(', ') || 'none yet';
    throw new Error(`there is no ${file}: begin with \`nx generate feature ${name}\`. There are: ${known}`);
  }
  const document = readDocument(file, readFileSync(join(root, file), 'utf8'));
  const footprint = footprintOf(document.facts);
  return { root, workspace, document, footprint, fingerprint: fingerprintOf(workspace, footprint) };
}

/** Looks at the files, at git and at what the targets left in dist. */
export function reportOf(feature: Feature, history: History = historyOf(feature.root)): FeatureReport {
  const { root, workspace, document, footprint, fingerprint } = feature;
  const { facts } = document;
  const record = (phase: RecordedPhase) => readRecord(root, facts.feature, phase, fingerprint);
  const commits = commitsOf(history, feature);
  const conformance = conformanceOf(workspace, facts);
  const names = [facts.feature, namesOf(facts.feature).title];
  return {
    document,
    standing: standingOf({
      feature: facts.feature,
      analysisProblems: analysisProblems(document, workspace),
      exists: codeOf(workspace, footprint).length > 0,
      built: record('build') !== null,
      tested: record('test') !== null,
      validated: record('validate') !== null,
      deployed: record('deploy') !== null,
      lastFailures: lastFailures(root, footprint.project),
      conformance,
      released: isReleased(workspace.read('CHANGELOG.md'), names),
    }),
    tookMs: tookMs(commits),
    share: patternShare(workspace, facts.feature, footprint),
    coverage: record('test')?.tests?.coverage ?? null,
    exempt: conformance?.exempt ?? [],
    openDecisions: openDecisions(document, workspace),
    needsHuman: changesOf(feature, history, commits),
  };
}

/** The commits that touched a feature's code or its document, newest first. */
export function commitsOf(history: History, { workspace, document, footprint }: Feature): Commit[] {
  return history.commits([document.file, ...codeOf(workspace, footprint)]);
}

export function tookMs(commits: readonly Commit[]): number | null {
  const times = commits.map(({ at }) => at.getTime());
  return times.length === 0 ? null : Math.max(...times) - Math.min(...times);
}

/** Compared with the last release; where there is none, with what was there before the feature's first commit. */
function changesOf(feature: Feature, history: History, commits: readonly Commit[]): string[] {
  const first = commits.at(-1);
  const base = history.lastTag() ?? (first ? history.before(first.id) : history.head());
  if (base === null) return [];
  return needsHuman(feature.workspace, (file) => history.show(base, file), feature.footprint);
}
