import type { SourceFile } from '@assay/contracts';
import type { SandboxEngine } from '@assay/sandbox';
import type { TaskBundle } from '@assay/tasks';
import type { CheckSet } from './checks-container.js';
import type { GradingProgress } from './grading-result.js';
import type { GradingSlots } from './grading-slots.js';

export interface GradeRequest {
  engine: SandboxEngine;
  /** On that engine: the grading takes the next one that is free. Without them it makes all it needs in its turn. */
  slots?: GradingSlots;
  bundle: TaskBundle;
  files: readonly SourceFile[];
  checks: CheckSet;
  /** Any text; the same seed gives checks the same random values. */
  seed: string;
  /** Ends the grading as `platform_failure`. */
  signal?: AbortSignal;
  /** Called after each check. */
  onProgress?: (progress: GradingProgress) => void;
  /**
   * Called with what failed on our side, unless `signal` ended the grading: the result has its message only, the
   * operator's log wants its stack.
   */
  onPlatformFailure?: (error: unknown) => void;
}

/** What the gate may ask beyond a grading: only some of the checks. A score of some is no score of the task. */
export interface PartialGradeRequest extends GradeRequest {
  only?: ReadonlySet<string>;
}
