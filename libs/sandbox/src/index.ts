export * from './engine.js';
export { createSandboxEngine, type SandboxOptions } from './sandbox-engine.js';
export { isWallName, WALL_NAMES, type WallName } from './walls/walls.js';
