import type { ExecutorContext } from '@nx/devkit';
import { loadFeature, type Feature } from '../features/look';
import { fingerprintOf, writeRecord, type PhaseRecord, type RecordedPhase } from '../features/records';

export interface PhaseOptions {
  feature: string;
}

/** Does a phase; answers what is wrong, a line for each, and what else is to be kept of it. */
export type Work = (feature: Feature) => Promise<{ problems: string[]; tests?: PhaseRecord['tests'] }>;

/** An executor of Nx: prints what is wrong; where nothing is, notes that the phase was passed by the code as it is. */
export function phaseExecutor(phase: RecordedPhase | null, work: Work) {
  return async (
    { feature: name }: PhaseOptions,
    { root }: ExecutorContext,
  ): Promise<{ success: boolean }> => {
    try {
      const feature = loadFeature(root, name);
      const { problems, tests } = await work(feature);
      for (const problem of problems) console.error(`${name}: ${problem}`);
      if (problems.length > 0) return { success: false };
      if (phase !== null) {
        const fingerprint = fingerprintOf(feature.workspace, feature.footprint);
        writeRecord(root, name, phase, { fingerprint, ...(tests ? { tests } : {}) });
      }
      return { success: true };
    } catch (error) {
      console.error((error as Error).message);
      return { success: false };
    }
  };
}
