export { applyMutant, type TaskBundle } from './bundle.js';
export { findTask, listTaskIds } from './find-task.js';
export { loadTask } from './load-task.js';
export {
  instancesOf,
  type MutantSpec,
  NODE_VERSIONS,
  type NodeMajor,
  type SidecarsSpec,
  sidecarsOf,
  startedByOf,
  startTimeoutMsOf,
  TaskLimits,
  TaskManifest,
} from './manifest.js';
export { canonicalJson, contentHash, packBundle, unpackBundle } from './pack-bundle.js';
export { CheckSpec, PROBES, type ProbeSpec } from './probe-spec.js';
export type { ProbedRequest } from './probed-request.js';
export { type GateReceipt, readReceipt, writeReceipt } from './receipt.js';
export { readSolution, SOLUTION_CAPS, type SolutionRefused } from './solution.js';
export type { TaskInvalid, TaskProblem } from './task-invalid.js';
