export * from './attempt.js';
export * from './submit-task.js';
export * from './workspace.js';
