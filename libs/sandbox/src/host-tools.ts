import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Absolute paths of the programs that start a sandbox. */
export type HostTools = Readonly<Record<Tool, string>>;

const PACKAGES = {
  bwrap: 'bubblewrap',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  taskset: 'util-linux',
  ldd: 'libc-bin',
  sh: 'dash',
  bash: 'bash',
} as const;

type Tool = keyof typeof PACKAGES;

/** Fixed, not PATH: nobody who can set our environment may choose what we run as root. */
export const TOOL_FOLDERS: readonly string[] = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Adds a sentence to `missing` for each program that is not there; null then. */
export function findHostTools(folders: readonly string[], missing: string[]): HostTools | null {
  const found: Partial<Record<Tool, string>> = {};
  const tools = Object.keys(PACKAGES) as Tool[]; // the keys of a constant
  for (const tool of tools) {
    const path = folders.map((folder) => join(folder, tool)).find(isExecutable);
    if (path) found[tool] = path;
    else missing.push(`${tool} is not installed: apt-get install ${PACKAGES[tool]}`);
  }
  return tools.every((tool) => found[tool]) ? (found as HostTools) : null; // each key was just seen
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
