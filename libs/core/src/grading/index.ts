export * from './grading.js';
export * from './queue-wait.js';
export * from './regrade.js';
