import type { Exit } from '@assay/sandbox';
import { describe, expect, test } from '@jest/globals';
import type { EndedServer } from './check-servers.js';
import type { CheckAnswer, Mode } from './harness/messages.js';
import { mergeVerdict, tellingLine } from './merge-verdict.js';

const limits = { memoryMb: 256, pids: 64, cpus: 1, outputKb: 1024, tmpMb: 16 };
const killed: Exit = { cause: 'killed', code: null, signal: 'SIGKILL', oomKills: 0 };
const ended: Exit = { cause: 'exited', code: 1, signal: null, oomKills: 0 };

const answer = (change: Partial<CheckAnswer> = {}): CheckAnswer => ({
  type: 'result',
  name: 'a',
  verdict: 'failed',
  message: 'Not so.',
  expected: '1',
  actual: '2',
  ms: 5,
  connectionLost: false,
  cameUp: true,
  ...change,
});

const server = (exit: Partial<Exit>, more: Partial<EndedServer> = {}): EndedServer => ({
  exit: { ...killed, ...exit },
  output: '',
  endExpected: false,
  ...more,
});

const mergeAll = (change: Partial<CheckAnswer>, servers: EndedServer[], mode: Mode = 'http') =>
  mergeVerdict({
    answer: answer(change),
    servers,
    exhaustion: null,
    manifest: { mode, limits },
    timeoutMs: 5_000,
  });

const merge = (change: Partial<CheckAnswer>, exit: Partial<Exit>, output = '') =>
  mergeAll(change, [server(exit, { output })]);

const NOT_LISTENING = {
  verdict: 'not_listening',
  message: 'Your server did not listen on port 3000 within 5 s.',
} as const;
const TIMED_OUT = { verdict: 'timed_out', message: 'This check did not finish within 5 s.' } as const;

describe('mergeVerdict', () => {
  test.each<[string, Partial<Exit>]>([
    ['killed by us', {}],
    ['ended by itself', ended],
    ['out of memory', { cause: 'memory_exceeded', oomKills: 1 }],
    ['flooding', { cause: 'output_exceeded' }],
    ['over its wall time', { cause: 'timed_out' }],
  ])('a pass stands when the server is %s', (_how, exit) => {
    const passed = { verdict: 'passed', message: null, expected: null, actual: null } as const;
    expect(merge(passed, exit)).toEqual(passed);
  });

  test('a failure of a living server keeps its sentence and both sides', () => {
    expect(merge({}, {})).toEqual({ verdict: 'failed', message: 'Not so.', expected: '1', actual: '2' });
  });

  test.each<[string, Partial<CheckAnswer>, Partial<Exit>, string, string]>([
    [
      'memory',
      {},
      { cause: 'memory_exceeded', oomKills: 1 },
      'memory_exceeded',
      'Your server used more than 256 MB of memory and was stopped.',
    ],
    [
      'memory of a child',
      {},
      { oomKills: 1 },
      'memory_exceeded',
      'Your server used more than 256 MB of memory and was stopped.',
    ],
    [
      'memory over its own end',
      TIMED_OUT,
      { ...ended, oomKills: 1 },
      'memory_exceeded',
      'Your server used more than 256 MB of memory and was stopped.',
    ],
    [
      'output',
      {},
      { cause: 'output_exceeded' },
      'output_exceeded',
      'Your server printed more than 1024 KB and was stopped.',
    ],
    [
      'output at start',
      NOT_LISTENING,
      { cause: 'output_exceeded' },
      'output_exceeded',
      'Your server printed more than 1024 KB and was stopped.',
    ],
    ['its own end', {}, ended, 'crashed', 'Your server ended with exit code 1 during this check.'],
    [
      'a clean end',
      TIMED_OUT,
      { ...ended, code: 0 },
      'crashed',
      'Your server ended with exit code 0 during this check.',
    ],
    [
      'its own end, a moment before our kill',
      {},
      { code: 1, signal: null },
      'crashed',
      'Your server ended with exit code 1 during this check.',
    ],
    [
      'its own abort, a moment before our kill',
      {},
      { code: null, signal: 'SIGABRT' },
      'crashed',
      'Your server ended by signal SIGABRT during this check.',
    ],
    [
      'its own end at start',
      NOT_LISTENING,
      ended,
      'crashed',
      'Your server ended with exit code 1 before it accepted connections.',
    ],
    [
      'a signal',
      {},
      { ...ended, code: null, signal: 'SIGABRT' },
      'crashed',
      'Your server ended by signal SIGABRT during this check.',
    ],
    [
      'never listening',
      NOT_LISTENING,
      {},
      'timed_out',
      'Your server did not listen on port 3000 within 5 s.',
    ],
    ['a check over its time', TIMED_OUT, {}, 'timed_out', 'This check did not finish within 5 s.'],
    ['the wall time', {}, { cause: 'timed_out' }, 'timed_out', 'This check did not finish within 5 s.'],
  ])('otherwise the kernel explains: %s', (_what, change, exit, verdict, message) => {
    expect(merge(change, exit)).toEqual({ verdict, message, expected: null, actual: null });
  });

  const NOT_SO = { verdict: 'failed', message: 'Not so.', expected: '1', actual: '2' };

  test('an end that the check wanted is for the check to judge, but not what the kernel stopped', () => {
    expect(mergeAll({}, [server(ended, { endExpected: true })])).toEqual(NOT_SO);
    const { verdict } = mergeAll({}, [server({ cause: 'output_exceeded' }, { endExpected: true })]);
    expect(verdict).toBe('output_exceeded');
  });

  test('of several servers the first that ended by itself explains; without any the check stands', () => {
    const { message } = mergeAll({}, [server({}), server({ ...ended, code: 7 }), server(ended), server({})]);
    expect(message).toBe('Your server ended with exit code 7 during this check.');
    expect(mergeAll({}, [])).toEqual(NOT_SO);
    expect(mergeAll(NOT_LISTENING, []).verdict).toBe('timed_out');
  });

  test.each<[Partial<CheckAnswer>, Partial<Exit>, string]>([
    [NOT_LISTENING, ended, 'Your module ended with exit code 1 before it was loaded.'],
    [{}, ended, 'Your module ended with exit code 1 during this check.'],
    [{}, { oomKills: 1 }, 'Your module used more than 256 MB of memory and was stopped.'],
    [{}, { cause: 'output_exceeded' }, 'Your module printed more than 1024 KB and was stopped.'],
  ])('a module is called a module (%#)', (change, exit, message) => {
    expect(mergeAll(change, [server(exit)], 'function').message).toBe(message);
  });

  test('a crash quotes the line that tells why, made safe', () => {
    const output =
      '/app/server.js:3\nthrow new Error("no\0")\n^\n\nError: no\0\n    at x (/app/server.js:3:7)\n\nNode.js v20.20.2\n';
    expect(merge({}, ended, output).message).toBe(
      'Your server ended with exit code 1 during this check: Error: no\ufffd',
    );
    expect(merge({}, ended, `Error: ${'x'.repeat(10_000)}`).message).toHaveLength(500);
  });
});

describe('tellingLine', () => {
  test.each([
    ['', null],
    ['\n\n', null],
    ['Listening\nBye\n', 'Bye'],
    ['Error: a\n    at b {\n  code: 1\n}\n\nNode.js v20.1.0\n', 'Error: a'],
    ['TypeError: a\n    at b\nnode:events\nMyLib.ParseError: b\n    at c\n', 'MyLib.ParseError: b'],
    [
      'FATAL ERROR: Reached heap limit\n----- Native stack trace -----\n 1: 0xb\n',
      'FATAL ERROR: Reached heap limit',
    ],
  ])('%j', (output, line) => {
    expect(tellingLine(output)).toBe(line);
  });
});
