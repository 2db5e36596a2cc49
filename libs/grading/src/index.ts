export type { CheckSet } from './checks-container.js';
export type { GradeRequest } from './grade-request.js';
export { gradeSolution } from './grade-solution.js';
export type { GradingProgress, GradingResult } from './grading-result.js';
export { createSlots, type GradingSlots } from './grading-slots.js';
export { serverShape } from './server-container.js';
export { type GateResult, type MutantFindings, type VerifyOptions, verifyTask } from './verify-task.js';
