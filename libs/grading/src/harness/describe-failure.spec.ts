import assert from 'node:assert/strict';
import { describe, expect, test } from '@jest/globals';
import { CheckEnd } from './check-end.js';
import { describeFailure } from './describe-failure.js';
import { HttpProblem } from './http-problem.js';

function failureOf(check: () => void) {
  try {
    check();
  } catch (error) {
    return describeFailure(error, 'http');
  }
  throw new Error('the check passed');
}

describe('describeFailure', () => {
  test('an assertion shows its sentence and both sides', () => {
    expect(failureOf(() => assert.equal(200, 201, 'POST must answer 201.'))).toEqual({
      verdict: 'failed',
      message: 'POST must answer 201.',
      expected: '201',
      actual: '200',
      connectionLost: false,
    });
    const deep = failureOf(() => assert.deepEqual({ a: ['x'] }, { a: ['y'] }, 'Same book.'));
    expect(deep).toMatchObject({ expected: "{ a: [ 'y' ] }", actual: "{ a: [ 'x' ] }" });
    const match = failureOf(() => assert.match('text/html', /json/, 'JSON, please.'));
    expect(match).toMatchObject({ expected: '/json/', actual: 'text/html' });
  });

  test('assert.ok and assert.fail show only their sentence', () => {
    const expected = { message: 'No stack trace.', expected: null, actual: null };
    expect(failureOf(() => assert.ok(false, 'No stack trace.'))).toMatchObject(expected);
    expect(failureOf(() => assert.fail('No stack trace.'))).toMatchObject(expected);
  });

  test('an assertion without a sentence still gives one', () => {
    expect(failureOf(() => assert.equal(1, 2)).message).toBe('The answer is not what the brief asks for.');
  });

  test('another error blames the answer in a plain sentence', () => {
    const body = JSON.parse('{}') as { items: unknown[] };
    const failure = failureOf(() => body.items.map(String));
    expect(failure.verdict).toBe('failed');
    expect(failure.message).toMatch(
      /^The check could not make sense of your server's answer \(TypeError: .*map/,
    );
    expect(describeFailure('thrown text', 'http').message).toMatch(/thrown text/);
    expect(describeFailure(undefined, 'function').message).toBe(
      "The check could not make sense of your module's answer (undefined).",
    );
  });

  test('a lost connection is marked', () => {
    expect(describeFailure(new HttpProblem('Gone.', true), 'http')).toMatchObject({
      message: 'Gone.',
      connectionLost: true,
    });
  });

  test('an end of its own kind keeps its verdict and both sides, within their bounds', () => {
    const end = new CheckEnd('not_listening', 'x'.repeat(600), { expected: 'a\0', connectionLost: true });
    expect(describeFailure(end, 'http')).toEqual({
      verdict: 'not_listening',
      message: `${'x'.repeat(499)}…`,
      expected: 'a\ufffd',
      actual: null,
      connectionLost: true,
    });
  });

  test('hostile values stay within their bounds', () => {
    const hostile = failureOf(() =>
      assert.equal(`\0${'x'.repeat(100_000)}\ud800`, 'y'.repeat(100_000), 'z'.repeat(5_000)),
    );
    for (const text of [hostile.message, hostile.expected, hostile.actual]) expect(text).toHaveLength(500);
    expect(hostile.actual?.startsWith('\ufffdx')).toBe(true);
    const loop: unknown[] = [];
    loop.push(loop);
    expect(failureOf(() => assert.deepEqual(loop, 1, 'No loops.')).actual).toMatch(/Circular/);
  });
});
