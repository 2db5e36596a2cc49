export * from './engine.js';
export { createSandboxEngine, type SandboxOptions, type WallName } from './sandbox-engine.js';
