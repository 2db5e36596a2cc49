export { applyMutant, type TaskBundle } from './bundle.js';
export { findTask, listTaskIds } from './find-task.js';
export { loadTask } from './load-task.js';
export {
  type CheckSpec,
  instancesOf,
  type MutantSpec,
  NODE_VERSIONS,
  type NodeMajor,
  type SidecarsSpec,
  sidecarsOf,
  startedByOf,
  startTimeoutMsOf,
  TaskLimits,
  type TaskManifest,
} from './manifest.js';
export { contentHash, packBundle, unpackBundle } from './pack-bundle.js';
export { type GateReceipt, readReceipt, writeReceipt } from './receipt.js';
export { readSolution, SOLUTION_CAPS, type SolutionRefused } from './solution.js';
export type { TaskInvalid, TaskProblem } from './task-invalid.js';
