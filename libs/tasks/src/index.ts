export { applyMutant, TaskBundle } from './bundle.js';
export { findTask, listTaskIds, TaskUnknown } from './find-task.js';
export { loadTask } from './load-task.js';
export { CheckSpec, MutantSpec, TaskLimits, TaskManifest } from './manifest.js';
export { contentHash, packBundle, unpackBundle } from './pack-bundle.js';
export { GateReceipt, readReceipt, writeReceipt } from './receipt.js';
export { readSolution, SOLUTION_CAPS, SolutionRefused } from './solution.js';
export { TaskInvalid, type TaskProblem } from './task-invalid.js';
