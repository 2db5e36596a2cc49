export * from './engine.js';
export {
  createSandboxEngine,
  isWallName,
  type SandboxOptions,
  WALL_NAMES,
  type WallName,
} from './sandbox-engine.js';
