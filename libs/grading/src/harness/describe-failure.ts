import { AssertionError } from 'node:assert';
import { inspect } from 'node:util';
import { CheckEnd } from './check-end.js';
import { HttpProblem } from './http-problem.js';
import { type CheckOutcome, type Mode, TEXT_CAPS } from './messages.js';
import { ModuleProblem } from './remote-problem.js';
import { safeText } from './safe-text.js';

const NOTHING_SHOWN = { expected: null, actual: null };

/** A value as a candidate may read it; strings as they are, everything else as Node prints it, bounded. */
function render(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : inspect(value, { depth: 4, maxArrayLength: 20, maxStringLength: 200, breakLength: 80 });
  return safeText(text, TEXT_CAPS.rendering);
}

function describeAssertion(error: AssertionError): Pick<CheckOutcome, 'message' | 'expected' | 'actual'> {
  // assert.ok(…) compares with true: showing "true" against "false" tells nobody anything.
  const compares = error.operator !== '==' && error.operator !== 'fail';
  const shown = compares ? { expected: render(error.expected), actual: render(error.actual) } : NOTHING_SHOWN;
  // Newer Nodes append their own comparison to the author's sentence; both sides are shown apart.
  const [sentence = ''] = error.message.split('\n');
  const message = error.generatedMessage ? 'The answer is not what the brief asks for.' : sentence;
  return { message: safeText(message, TEXT_CAPS.message), ...shown };
}

function describeEnd({ outcome }: CheckEnd): CheckOutcome {
  const { message, expected, actual } = outcome;
  return {
    ...outcome,
    message: message === null ? null : safeText(message, TEXT_CAPS.message),
    expected: expected === null ? null : safeText(expected, TEXT_CAPS.rendering),
    actual: actual === null ? null : safeText(actual, TEXT_CAPS.rendering),
  };
}

const answerOf: Record<Mode, string> = { http: "server's answer", function: "module's answer" };

/**
 * What a check threw, in a candidate's words. An error that is no assertion means that the check could not make sense
 * of an answer: that is the answer's fault, since the gate has run the check against good answers.
 */
export function describeFailure(error: unknown, mode: Mode): CheckOutcome {
  if (error instanceof CheckEnd) return describeEnd(error);
  if (error instanceof AssertionError) {
    return { verdict: 'failed', connectionLost: false, ...describeAssertion(error) };
  }
  if (error instanceof HttpProblem) {
    return {
      verdict: error.tooSlow ? 'timed_out' : 'failed',
      message: safeText(error.message, TEXT_CAPS.message),
      expected: null,
      actual: error.actual === null ? null : safeText(error.actual, TEXT_CAPS.rendering),
      connectionLost: error.connectionLost,
    };
  }
  if (error instanceof ModuleProblem) {
    const { message, connectionLost } = error;
    const shown = safeText(message, TEXT_CAPS.message);
    return { verdict: 'failed', message: shown, ...NOTHING_SHOWN, connectionLost };
  }
  const said = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error, { depth: 1 });
  return {
    verdict: 'failed',
    message: safeText(
      `The check could not make sense of your ${answerOf[mode]} (${said}).`,
      TEXT_CAPS.message,
    ),
    ...NOTHING_SHOWN,
    connectionLost: false,
  };
}
