import type { CheckSurroundings } from './check-subject.js';
import { createUpstreamTool, type UpstreamTool } from './upstream-tool.js';

/** Those of the sidecars that the task has. */
export interface SidecarTools {
  upstream?: UpstreamTool;
}

export interface CheckSidecars {
  tools: SidecarTools;
  /** Gives the server that is started next fresh ones to meet. */
  renew(): Promise<void>;
}

/** The sidecars as a check sees them. */
export function createSidecarTools({ ask, command: { sidecars } }: CheckSurroundings): CheckSidecars {
  if (!sidecars) return { tools: {}, renew: async () => {} };
  const has = (name: (typeof sidecars.names)[number]) => sidecars.names.includes(name);
  return {
    tools: { ...(has('upstream') && { upstream: createUpstreamTool(sidecars) }) },
    renew: async () => void (await ask({ do: 'sidecars' })),
  };
}
