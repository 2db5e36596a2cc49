import type { CheckSurroundings } from './check-subject.js';
import { createMailTool, type MailTool } from './mail-tool.js';
import { createPostgresSidecar, type PostgresTool } from './postgres-tool.js';
import { createRedisTool, type RedisTool } from './redis-tool.js';
import type { StoppableSidecar } from './sidecar-access.js';
import { createSidecarControl } from './sidecar-control.js';
import { createUpstreamTool, type UpstreamTool } from './upstream-tool.js';

/** Those of the sidecars that the task has. */
export interface SidecarTools {
  postgres?: PostgresTool;
  redis?: RedisTool;
  upstream?: UpstreamTool;
  mail?: MailTool;
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
      const control = (name: StoppableSidecar) => createSidecarControl(ask, name);
      const postgres = has('postgres') ? createPostgresSidecar(sidecars, control('postgres')) : null;
      await ask({ do: 'sidecars' });
      if (sidecars.schema !== null) await postgres?.load(sidecars.schema);
      return {
        ...(postgres && { postgres: postgres.tool }),
        ...(has('redis') && { redis: createRedisTool(sidecars, control('redis')) }),
        ...(has('mail') && { mail: createMailTool(sidecars) }),
        ...(has('upstream') && { upstream: createUpstreamTool(sidecars) }),
      };
    },
  };
}
