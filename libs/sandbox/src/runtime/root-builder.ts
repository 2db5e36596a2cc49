import type { HostTools } from '../host-tools.js';

/** What every builder gets. */
export interface RootSource {
  tools: HostTools;
  /** Below it, one folder per content; traversable by the sandboxes. */
  folder: string;
  /** A node_modules folder. */
  runtimePackages: string;
  /** Where to build, on the same file system: not there yet, and swept when this process dies half-way. */
  building: string;
}

/** Makes a root, or finds the one that is there. Gives its folder, complete; rejects with `SandboxError`. */
export type RootBuilder = (source: RootSource) => Promise<string>;
