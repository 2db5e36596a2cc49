export * from './attempt.js';
export * from './breaks.js';
export * from './clock.js';
export * from './rules.js';
export * from './submit-task.js';
export * from './workspace.js';
