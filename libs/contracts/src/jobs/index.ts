export * from './jobs.js';
export * from './run-messages.js';
