export * from './collaboration.js';
export * from './events.js';
