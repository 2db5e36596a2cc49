import type { CheckResult } from '@assay/contracts';
import type { TaskManifest } from '@assay/tasks';
import { type EndedServer, endedByItself } from './check-servers.js';
import { renderSeconds } from './harness/http-problem.js';
import { type CheckAnswer, TEXT_CAPS } from './harness/messages.js';
import { safeText } from './harness/safe-text.js';
import type { Exhaustion } from './sidecars/exhaustion.js';

export interface Circumstances {
  answer: CheckAnswer;
  /** Every server of the candidate's that ran, in order. */
  servers: readonly EndedServer[];
  /** What they used up of a sidecar. */
  exhaustion: Exhaustion | null;
  manifest: Pick<TaskManifest, 'mode' | 'limits'>;
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

const WORDS = {
  http: { solution: 'Your server', ready: 'accepted connections' },
  function: { solution: 'Your module', ready: 'was loaded' },
};

function crash({ exit, output }: EndedServer, { answer, manifest }: Circumstances): string {
  const { solution, ready } = WORDS[manifest.mode];
  const how = exit.signal === null ? `with exit code ${exit.code ?? 'unknown'}` : `by signal ${exit.signal}`;
  const when = answer.verdict === 'not_listening' ? `before it ${ready}` : 'during this check';
  const line = tellingLine(output);
  return `${solution} ended ${how} ${when}${line === null ? '.' : `: ${line}`}`;
}

const without = (verdict: MergedVerdict['verdict'], message: string): MergedVerdict => ({
  verdict,
  message: safeText(message, TEXT_CAPS.message),
  expected: null,
  actual: null,
});

/** What the kernel, or our own counters, say of a server's end; null when they do not explain a failure. */
function explain(server: EndedServer, circumstances: Circumstances): MergedVerdict | null {
  const { exit } = server;
  const { mode, limits } = circumstances.manifest;
  const { solution } = WORDS[mode];
  if (exit.cause === 'memory_exceeded' || exit.oomKills > 0) {
    return without(
      'memory_exceeded',
      `${solution} used more than ${limits.memoryMb} MB of memory and was stopped.`,
    );
  }
  if (exit.cause === 'output_exceeded') {
    return without('output_exceeded', `${solution} printed more than ${limits.outputKb} KB and was stopped.`);
  }
  return endedByItself(server) ? without('crashed', crash(server, circumstances)) : null;
}

/**
 * One verdict from what the checks process saw and what the kernel counted. A pass stands: whatever happened to the
 * server afterwards, the brief was met. Otherwise the kernel's facts explain more than a broken connection does. But who
 * brings a sidecar down gets no pass: what a check asks it (how many queries there were) is forgotten then.
 */
export function mergeVerdict(circumstances: Circumstances): MergedVerdict {
  const { answer, servers, exhaustion, timeoutMs } = circumstances;
  if (exhaustion) return without(exhaustion.verdict, exhaustion.message);
  if (answer.verdict === 'passed') return { verdict: 'passed', message: null, expected: null, actual: null };
  for (const server of servers) {
    const explained = explain(server, circumstances);
    if (explained) return explained;
  }
  if (answer.verdict === 'not_listening' || answer.verdict === 'timed_out') {
    return without('timed_out', answer.message ?? '');
  }
  if (servers.at(-1)?.exit.cause === 'timed_out') {
    return without('timed_out', `This check did not finish within ${renderSeconds(timeoutMs)}.`);
  }
  const { message, expected, actual } = answer;
  return { verdict: 'failed', message, expected, actual };
}
