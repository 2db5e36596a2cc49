import { LEVELS, type Level } from '@assay/contracts';
import type { LevelEstimate } from '@assay/contracts/http';
import type { JourneyResult } from './demo-journey.js';

const BAR_WIDTH = 24;
const BLOCK: Record<Level, string> = { below_junior: '░', junior: '▒', mid: '▓', senior: '█' };

/** The level that is most probable, and how probable. */
export function mostProbable({ overall }: LevelEstimate): { level: Level; probability: number } {
  const level = LEVELS.reduce((best, one) =>
    overall.probabilities[one] > overall.probabilities[best] ? one : best,
  );
  return { level, probability: overall.probabilities[level] };
}

/** A stacked bar over below junior, junior, mid, senior. */
function bar({ overall }: LevelEstimate): string {
  let filled = 0;
  let sum = 0;
  return LEVELS.map((level) => {
    sum += overall.probabilities[level];
    const until = Math.round(sum * BAR_WIDTH);
    const width = until - filled;
    filled = until;
    return BLOCK[level].repeat(width);
  }).join('');
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** One row a candidate with the checks passed of each task, then for each what moved the level most. */
export function renderTable(results: JourneyResult[]): string {
  const rows = results.map((result) => {
    const { level, probability } = mostProbable(result.level);
    return [
      result.name,
      bar(result.level),
      result.level.overall.statement,
      `${level.replace('_', ' ')} ${percent(probability)}`,
      ...result.tasks.map(({ checksPassed, checksTotal }) => `${checksPassed}/${checksTotal}`),
      `${result.seconds.toFixed(0)} s`,
    ];
  });
  const taskIds = results[0]?.tasks.map(({ taskId }) => taskId) ?? [];
  const header = ['Candidate', 'Probability'.padEnd(BAR_WIDTH), 'Level', 'Most probable', ...taskIds, 'Took'];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const legend = `${LEVELS.map((level) => `${BLOCK[level]} ${level.replace('_', ' ')}`).join('   ')}`;
  return [
    line(header),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...rows.map(line),
    '',
    legend,
    '',
    'What moved each level most (in steps between levels):',
    ...results.map((result) => `  ${result.name}: ${strongestEvidence(result.level)}`),
  ].join('\n');
}

function strongestEvidence({ evidence }: LevelEstimate): string {
  return [...evidence]
    .sort((a, b) => Math.abs(b.levelSteps) - Math.abs(a.levelSteps))
    .slice(0, 3)
    .map(({ check, verdict, level, levelSteps }) => {
      const steps = `${levelSteps >= 0 ? '+' : '−'}${Math.abs(levelSteps).toFixed(2)}`;
      return `${verdict === 'passed' ? 'passed' : verdict.replace('_', ' ')} ${level} check ${check} (${steps})`;
    })
    .join('; ');
}
