import type { Figure, Measured } from './figures.js';
import type { Machine } from './machine.js';

/** The report for a terminal. */
export function renderReport(machine: Machine, suite: string, { results, goals }: Measured): string {
  const { cpu, cores, memoryGb, kernel, node, postgres, loadAverageBefore, loadAverageAfter, measuredAt } =
    machine;
  const idWidth = Math.max(...results.map(({ id }) => id.length));
  const titleWidth = Math.max(...results.map(({ title }) => title.length));
  const row = (id: string, title: string, value: string, unit: string, more: string) =>
    `${id.padEnd(idWidth)}  ${title.padEnd(titleWidth)}  ${value.padStart(9)} ${unit.padEnd(12)}  ${more}`.trimEnd();
  return [
    `${suite}, ${measuredAt}`,
    `${cpu}, ${cores} cores, ${memoryGb} GB, Linux ${kernel}, Node ${node}, Postgres ${postgres}`,
    `load average ${loadAverageBefore} before, ${loadAverageAfter} after`,
    '',
    ...results.map((one) => row(one.id, one.title, String(one.median), one.unit, spreadOf(one))),
    '',
    ...goals.map(
      ({ id, value, unit, goal, met }) =>
        `${met ? 'met   ' : 'missed'}  ${id}: ${value} ${unit}, goal ${goal}`,
    ),
    '',
  ].join('\n');
}

const spreadOf = ({ lowest, highest, rounds }: Figure) =>
  rounds > 1 ? `${lowest} … ${highest} in ${rounds} rounds` : '';
