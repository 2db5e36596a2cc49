import { join } from 'node:path';
import type { Config, Logger } from '@assay/platform';
import { createSandboxEngine, type SandboxEngine } from '@assay/sandbox';
import type { WorkerMetrics } from './worker-metrics.js';

export type { SandboxEngine } from '@assay/sandbox';

/** Nest's token for the engine. */
export const SANDBOX_ENGINE = Symbol('sandbox engine');
/** Nest's token for the slots of gradings. */
export const GRADING_SLOTS = Symbol('grading slots');
/** Nest's token for the slots of runs of sample checks. */
export const RUN_SLOTS = Symbol('run slots');
/** For a live run; the slots hold their own. */
const READY_PODS = 1;

/** What candidates' code may import, installed from content/runtime's lock file. */
const RUNTIME_PACKAGES = join(import.meta.dirname, '../../../content/runtime/node_modules');

export function createEngine(config: Config, logger: Logger, metrics: WorkerMetrics): SandboxEngine {
  const engine = createSandboxEngine({
    wall: config.sandboxEngine,
    home: config.home,
    runtimePackages: RUNTIME_PACKAGES,
    readyPods: READY_PODS,
    log: (message) => logger.warn(message),
  });
  return {
    ...engine,
    async openPod() {
      try {
        const pod = await engine.openPod();
        metrics.sandboxStarted('opened');
        return pod;
      } catch (error) {
        metrics.sandboxStarted('failed');
        throw error;
      }
    },
  };
}
