import type { CheckSurroundings } from './check-subject.js';
import { createRedisTool, type RedisTool } from './redis-tool.js';
import { createSidecarControl } from './sidecar-control.js';
import { createUpstreamTool, type UpstreamTool } from './upstream-tool.js';

/** Those of the sidecars that the task has. */
export interface SidecarTools {
  redis?: RedisTool;
  upstream?: UpstreamTool;
}

export interface CheckSidecars {
  /** Gives the server that is started next fresh ones to meet, and the tools for them. */
  renew(): Promise<SidecarTools>;
}

/** The sidecars as a check, or a window of a comparison, sees them. */
export function createSidecarTools({ ask, command: { sidecars } }: CheckSurroundings): CheckSidecars {
  if (!sidecars) return { renew: async () => ({}) };
  const has = (name: (typeof sidecars.names)[number]) => sidecars.names.includes(name);
  return {
    async renew() {
      await ask({ do: 'sidecars' });
      return {
        ...(has('redis') && { redis: createRedisTool(sidecars, createSidecarControl(ask, 'redis')) }),
        ...(has('upstream') && { upstream: createUpstreamTool(sidecars) }),
      };
    },
  };
}
