import type { Verdict } from '@assay/contracts';
import type { Limits } from '@assay/sandbox';
import type { SidecarName } from '../harness/sidecar-access.js';

/** What the server under test has used up of a sidecar, so that it ended or had to recover. */
export interface Exhaustion {
  verdict: Extract<Verdict, 'memory_exceeded' | 'failed'>;
  /** A sentence for the candidate. */
  message: string;
}

const MIB = 1024 * 1024;

/** Those that do what the server under test tells them: the others keep no more than they have room for. */
const NAMES: Partial<Record<SidecarName, string>> = { postgres: 'Postgres', redis: 'Redis' };

/**
 * Null unless it is certain: the kernel has killed for the limit of this sidecar alone, or it has given up because its own
 * disk was full. Whatever else ends a sidecar is ours.
 */
export function exhaustionOf(
  name: SidecarName,
  { memoryBytes, tmpBytes }: Pick<Limits, 'memoryBytes' | 'tmpBytes'>,
  { oomKills, isDiskFull }: { oomKills: number; isDiskFull: boolean },
): Exhaustion | null {
  const called = NAMES[name];
  if (!called) return null;
  if (oomKills > 0)
    return {
      verdict: 'memory_exceeded',
      message: `What your server asked of ${called} took more than its ${memoryBytes / MIB} MB of memory.`,
    };
  if (isDiskFull)
    return {
      verdict: 'failed',
      message: `What your server stored in ${called} filled its disk of ${tmpBytes / MIB} MB.`,
    };
  return null;
}
