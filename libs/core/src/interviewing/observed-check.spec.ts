import { describe, expect, it } from '@jest/globals';
import { describeCheck, factsOf, firstThatFits, type ObservedCheck } from './observed-check.js';

const check = (fields: Partial<ObservedCheck>): ObservedCheck => ({
  taskId: 'books',
  taskTitle: 'Books',
  check: 'a-check',
  probe: null,
  competency: 'rest',
  level: 'mid',
  weight: 1,
  kind: 'edge',
  verdict: 'failed',
  message: null,
  expected: null,
  actual: null,
  ...fields,
});

describe('what a check tells', () => {
  it('is read from its own sentence', () => {
    const message = 'A stale PUT should be answered with 412 or 428, but was answered with 200.';
    expect(factsOf(check({ message }))).toEqual({
      task: 'Books',
      said: message.slice(0, -1),
      expected: '412 or 428',
      actual: '200',
    });
  });

  it.each([
    ['225 ms', '25 ms', '9'],
    ['1210 ms', '12.1 ms', '100'],
    ['37.5 MiB', '25 MiB', '1.5'],
  ])('is a multiple: %s of %s', (measured, reference, times) => {
    const unit = measured.split(' ')[1];
    const seen = check({
      expected: `at most 75 ${unit}, from the reference's ${reference}`,
      actual: measured,
    });
    expect(factsOf(seen)).toMatchObject({ measured, reference, times });
  });

  it.each([
    ['26 ms', "at most 75 ms, from the reference's 25 ms"],
    ['225 MiB', "at most 75 ms, from the reference's 25 ms"],
    ['225 ms', "at most 75 ms, from the reference's 0 ms"],
    ['no result within 40 s', "at most 75 ms, from the reference's 25 ms"],
    ['225 ms', '25 ms'],
  ])('is no multiple where %s stands beside %s', (actual, expected) => {
    expect(factsOf(check({ actual, expected })).times).toBeUndefined();
  });

  it('is said once, with both sides where the sentence does not have them', () => {
    const message = 'Exactly one of 20 should win.';
    expect(describeCheck(check({ message, expected: '1', actual: '2' }))).toBe(
      'In “Books”, “a check” failed: Exactly one of 20 should win. Expected 1; it was 2.',
    );
    const status = 'A PUT should be answered with 412, but was answered with 200.';
    expect(describeCheck(check({ message: status }))).toBe(`In “Books”, “a check” failed: ${status}`);
  });

  it('leaves out values that make no sentence', () => {
    const seen = check({ expected: '[\n  1\n]', actual: 'x'.repeat(61) });
    expect(factsOf(seen)).toEqual({ task: 'Books' });
    expect(factsOf(check({ expected: '/^a\\/b *(;|$)/i' }))).toEqual({ task: 'Books' });
  });

  it('fills in the first sentence that it is enough for', () => {
    const sentences = ['It took {times} times.', 'It was {actual}.', 'It failed.'];
    expect(firstThatFits(sentences, { times: '9', actual: 'x' })).toBe('It took 9 times.');
    expect(firstThatFits(sentences, { actual: '$&' })).toBe('It was $&.');
    expect(firstThatFits(sentences, {})).toBe('It failed.');
    expect(firstThatFits(sentences.slice(0, 2), {})).toBeNull();
  });
});
