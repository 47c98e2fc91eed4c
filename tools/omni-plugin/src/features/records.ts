import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../doctor/workspace';
import { codeOf, type Footprint } from './footprint';

export const recordedPhases = ['build', 'test', 'validate', 'deploy'] as const;
export type RecordedPhase = (typeof recordedPhases)[number];

/** That a phase went well, for the code as it was then. */
export interface PhaseRecord {
  fingerprint: string;
  /** What `test` counted. */
  tests?: { passed: number; failed: number; coverage: number };
}

/** Where a feature's results are kept: made, not committed. */
export const resultsOf = (root: string, feature: string) => join(root, 'dist/features', feature);

/** The code of a feature as one word: what was found out about other code says nothing about it. */
export function fingerprintOf(workspace: Workspace, footprint: Footprint): string {
  const hash = createHash('sha256');
  for (const file of codeOf(workspace, footprint)) hash.update(`${file}\0${workspace.read(file)}\0`);
  return hash.digest('hex').slice(0, 16);
}

export function writeRecord(root: string, feature: string, phase: RecordedPhase, record: PhaseRecord): void {
  const folder = resultsOf(root, feature);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${phase}.json`), `${JSON.stringify(record)}\n`);
}

/** Null where the phase was not done, or for other code. */
export function readRecord(
  root: string,
  feature: string,
  phase: RecordedPhase,
  fingerprint: string,
): PhaseRecord | null {
  const file = join(resultsOf(root, feature), `${phase}.json`);
  if (!existsSync(file)) return null;
  const record = JSON.parse(readFileSync(file, 'utf8')) as PhaseRecord;
  return record.fingerprint === fingerprint ? record : null;
}

/** How many failures the last run of a project's whole tests counted; null where it was not run. */
export function lastFailures(root: string, project: string): number | null {
  const file = join(root, `dist/test-results/${project}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { failed: number }).failed : null;
}
