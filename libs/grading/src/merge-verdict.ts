import type { CheckResult } from '@assay/contracts';
import type { Exit } from '@assay/sandbox';
import type { TaskLimits } from '@assay/tasks';
import { renderSeconds } from './harness/http-problem.js';
import { type CheckAnswer, TEXT_CAPS } from './harness/messages.js';
import { safeText } from './harness/safe-text.js';

export interface Circumstances {
  answer: CheckAnswer;
  /** How the candidate's container ended; `killed` when we ended it after the answer. */
  exit: Exit;
  /** What the server printed last. */
  output: string;
  limits: TaskLimits;
  timeoutMs: number;
}

export type MergedVerdict = Pick<CheckResult, 'verdict' | 'message' | 'expected' | 'actual'>;

/** Node's own last lines say nothing about the cause: `Node.js v20…`, stack frames, closing braces. */
const NOISE = /^\s*(?:at\s.*|Node\.js v.*|[{}\]^\s]*)$/;
const ERROR_LINE = /^(?:Uncaught )?(?:FATAL ERROR|[\w$.]*(?:Error|Exception)\b)/;

/** The line of the output that says most about a crash: the last that names an error, else the last that says anything. */
export function tellingLine(output: string): string | null {
  const lines = output.split('\n').filter((line) => !NOISE.test(line));
  const line = lines.findLast((candidate) => ERROR_LINE.test(candidate)) ?? lines.at(-1);
  return line === undefined ? null : line.trim();
}

function crash({ answer, exit, output }: Circumstances): string {
  const how = exit.signal === null ? `with exit code ${exit.code ?? 'unknown'}` : `by signal ${exit.signal}`;
  const when = answer.verdict === 'not_listening' ? 'before it accepted connections' : 'during this check';
  const line = tellingLine(output);
  return `Your server ended ${how} ${when}${line === null ? '.' : `: ${line}`}`;
}

const without = (verdict: MergedVerdict['verdict'], message: string): MergedVerdict => ({
  verdict,
  message: safeText(message, TEXT_CAPS.message),
  expected: null,
  actual: null,
});

/**
 * One verdict from what the checks process saw and what the kernel counted. A pass stands: whatever happened to the
 * server afterwards, the brief was met. Otherwise the kernel's facts explain more than a broken connection does.
 */
export function mergeVerdict(circumstances: Circumstances): MergedVerdict {
  const { answer, exit, limits, timeoutMs } = circumstances;
  if (answer.verdict === 'passed') return { verdict: 'passed', message: null, expected: null, actual: null };
  if (exit.cause === 'memory_exceeded' || exit.oomKills > 0) {
    return without(
      'memory_exceeded',
      `Your server used more than ${limits.memoryMb} MB of memory and was stopped.`,
    );
  }
  if (exit.cause === 'output_exceeded') {
    return without('output_exceeded', `Your server printed more than ${limits.outputKb} KB and was stopped.`);
  }
  // A status shows that it had ended by itself when we came to kill it.
  if (exit.cause === 'exited' || (exit.cause === 'killed' && exit.code !== null))
    return without('crashed', crash(circumstances));
  if (answer.verdict === 'not_listening' || answer.verdict === 'timed_out') {
    return without('timed_out', answer.message ?? '');
  }
  if (exit.cause === 'timed_out') {
    return without('timed_out', `This check did not finish within ${renderSeconds(timeoutMs)}.`);
  }
  const { message, expected, actual } = answer;
  return { verdict: 'failed', message, expected, actual };
}
