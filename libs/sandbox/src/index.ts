export { type BubblewrapOptions, createBubblewrapEngine } from './bubblewrap-engine.js';
export * from './engine.js';
