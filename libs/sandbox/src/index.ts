export * from './engine.js';
export { createReserve, type Reserve } from './reserve.js';
export { createSandboxEngine, type SandboxOptions } from './sandbox-engine.js';
export { type ProbeCall, rawProgramX64, readProbeResults, syscallProbe } from './self-test/syscall-probe.js';
export { isWallName, WALL_NAMES, type WallName } from './walls/walls.js';
