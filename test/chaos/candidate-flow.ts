import type { SourceFile } from '@assay/contracts';
import { ProblemError } from '@assay/contracts/client';
import { followUntil, isEstimated, type Sitting, writeFiles } from '../e2e/journey.js';
import type { System } from '../e2e/system.js';
import { persist } from './persist.js';

/**
 * One candidate who saves, submits and waits for the result, trying again whenever something of ours is away. Resolves
 * once the level was estimated.
 */
export async function submitAndWait(
  { staff }: System,
  { candidate, candidacyId }: Sitting,
  taskId: string,
  files: readonly SourceFile[],
  onRetry: () => void,
): Promise<void> {
  await persist(() => writeFiles(candidate, taskId, files), onRetry);
  await persist(async () => {
    try {
      await candidate.submitTask({ params: { taskId } });
    } catch (error) {
      // An earlier try was taken and only its answer was lost.
      if (!(error instanceof ProblemError && error.problem.code === 'submission.final')) throw error;
    }
  }, onRetry);
  await persist(() => followUntil(staff, candidacyId, isEstimated), onRetry);
}
