import type { Outcome } from './outcomes.js';

export interface Report {
  outcomes: Outcome[];
  kills: Record<string, number>;
  /** Requests of candidates that failed on our side and were made again. */
  retries: number;
  seconds: number;
}

const total = (list: number[]) => list.reduce((sum, value) => sum + value, 0);

/** A table for people: what was done to the system, and what came of it. */
export function renderReport({ outcomes, kills, retries, seconds }: Report): string {
  const count = (isSo: (outcome: Outcome) => boolean) => outcomes.filter(isSo).length;
  const rows: [string, number | string][] = [
    ...Object.entries(kills).map(([name, times]): [string, number] => [`kill -9 of ${name}`, times]),
    ['requests made again', retries],
    ['', ''],
    ['submissions', total(outcomes.map(({ submissions }) => submissions))],
    ['gradings completed', count(({ state, outcome }) => state === 'completed' && outcome === 'completed')],
    ['  begun once', count(({ starts }) => starts === 1)],
    ['  begun again after a death', count(({ starts }) => starts > 1)],
    ['results told once', count(({ completedEvents }) => completedEvents === 1)],
    ['levels estimated', count(({ evidence }) => evidence > 0)],
    ['gradings that need attention', count(({ state }) => state === 'needs_attention')],
    ['failures of ours, tried again', total(outcomes.map(({ platformFailures }) => platformFailures))],
    ['seconds', seconds.toFixed(0)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) => `  ${name.padEnd(width)}  ${String(value).padStart(5)}`.trimEnd())
    .join('\n');
}
