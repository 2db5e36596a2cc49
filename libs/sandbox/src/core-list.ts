import { readFileSync } from 'node:fs';

/**
 * What taskset is to be told to keep a container on `wanted`, e.g. `0,3`; null when it may run anywhere: nothing was
 * wanted, or none of it is a core that this process itself may use (its numbers are the machine's, in a container too).
 */
export function coreList(wanted: readonly number[] | undefined, status = readStatus()): string | null {
  if (!wanted || wanted.length === 0) return null;
  const list = /^Cpus_allowed_list:\t(.*)$/m.exec(status)?.[1] ?? '';
  const ranges = list.split(',').map((range) => range.split('-').map(Number));
  const isAllowed = (core: number) =>
    ranges.some(([first = Number.NaN, last = first]) => core >= first && core <= last);
  return wanted.filter(isAllowed).join(',') || null;
}

const readStatus = () => readFileSync('/proc/self/status', 'utf8');
