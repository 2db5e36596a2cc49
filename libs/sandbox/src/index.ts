export * from './engine.js';
export { createSandboxEngine, type SandboxOptions, type WallName } from './sandbox-engine.js';
export { createReserve, type Reserve } from './reserve.js';
