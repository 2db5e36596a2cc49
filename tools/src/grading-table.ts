import { styleText } from 'node:util';
import type { CheckResult, Verdict } from '@assay/contracts';
import type { GradingResult } from '@assay/grading';

type Style = Parameters<typeof styleText>[0];
/** Paints text, or leaves it alone where colour is not wanted. */
type Paint = (style: Style, text: string) => string;

const WORDS: Record<Verdict, string> = {
  passed: 'passed',
  failed: 'failed',
  timed_out: 'timed out',
  memory_exceeded: 'out of memory',
  output_exceeded: 'too much output',
  crashed: 'crashed',
  skipped: 'skipped',
};

const STYLES: Record<Verdict, Style> = {
  passed: 'green',
  failed: 'red',
  timed_out: 'red',
  memory_exceeded: 'red',
  output_exceeded: 'red',
  crashed: 'red',
  skipped: 'yellow',
};

const INDENT = '    ';
const OUTPUT_LINES = 15;

/** A label and a text of one or more lines, all of them below the text's first column. */
function indented(indent: string, label: string, text: string): string {
  return `${indent}${label}${text.split('\n').join(`\n${indent}${' '.repeat(label.length)}`)}`;
}

function details({ message, expected, actual }: CheckResult, indent: string, paint: Paint): string[] {
  return [
    ...(message === null ? [] : [indented(indent, '', message)]),
    ...(expected === null ? [] : [paint('dim', indented(indent, 'expected  ', expected))]),
    ...(actual === null ? [] : [paint('dim', indented(indent, 'actual    ', actual))]),
  ];
}

function table(checks: readonly CheckResult[], paint: Paint): string[] {
  const width = (pick: (check: CheckResult) => string) =>
    Math.max(...checks.map((check) => pick(check).length));
  const verdictWidth = width(({ verdict }) => WORDS[verdict]);
  const nameWidth = width(({ name }) => name);
  const competencyWidth = width(({ competency }) => competency);
  const levelWidth = width(({ level }) => level);
  const msWidth = width(({ ms }) => String(ms));
  return checks.flatMap((check) => [
    [
      ` ${paint(STYLES[check.verdict], WORDS[check.verdict].padEnd(verdictWidth))}`,
      check.name.padEnd(nameWidth),
      check.competency.padEnd(competencyWidth),
      check.level.padEnd(levelWidth),
      `weight ${check.weight}`,
      `${String(check.ms).padStart(msWidth)} ms`,
    ].join('  '),
    ...details(check, ' '.repeat(verdictWidth + 3), paint),
  ]);
}

function summary({ checks, score }: GradingResult, paint: Paint): string {
  const passed = checks.filter(({ verdict }) => verdict === 'passed');
  const weight = (list: readonly CheckResult[]) => list.reduce((sum, check) => sum + check.weight, 0);
  const counts = `${passed.length} of ${checks.length} checks passed, weight ${weight(passed)} of ${weight(checks)}`;
  return `${paint('bold', `Score ${score}`)}  (${counts})`;
}

function lastOutput({ checks, output }: GradingResult, paint: Paint): string[] {
  const lines = output.trimEnd().split('\n');
  if (output.trim() === '' || checks.every(({ verdict }) => verdict === 'passed')) return [];
  return [
    '',
    'What the server printed last:',
    ...lines.slice(-OUTPUT_LINES).map((line) => paint('dim', `${INDENT}${line}`)),
  ];
}

/** What the sandbox held more weakly than it would as root. */
function degradedLines({ engine }: GradingResult, paint: Paint): string[] {
  if (!engine || engine.degraded.length === 0) return [];
  const lines = engine.degraded.map((line) => `${INDENT}${line}`);
  return [paint('yellow', 'Degraded, since the sandbox was not run by root:'), ...lines];
}

/** A completed grading for a person to read, with a final newline. */
export function renderGrading(title: string, result: GradingResult, colour: boolean): string {
  const paint: Paint = colour ? (style, text) => styleText(style, text) : (_style, text) => text;
  const engine = result.engine === null ? '' : `${result.engine.engine}, limits by ${result.engine.limits}`;
  return [
    paint('bold', `${title} (${result.task}, version ${result.version})`),
    '',
    ...table(result.checks, paint),
    ...lastOutput(result, paint),
    '',
    summary(result, paint),
    `Graded by ${engine}`,
    ...degradedLines(result, paint),
    '',
  ].join('\n');
}
