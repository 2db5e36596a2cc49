import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { candidateFeedback, type FeedbackWords, type GradedCheck } from './index.js';

const path = (name: string) => ({ tryNext: `${name}.`, steps: [{ text: `Read ${name}.` }] });
const WORDS: FeedbackWords = {
  competencies: [
    { id: 'rest', name: 'HTTP', summary: 'Of HTTP.' },
    { id: 'sec', name: 'Security', summary: 'Of security.' },
  ],
  feedback: (['rest', 'sec'] as const).map((competency) => ({
    competency,
    openings: { allPassed: 'All.', somePassed: 'Some.', nonePassed: 'None.' },
    levels: { junior: path('J'), mid: path('M'), senior: path('S') },
  })),
};

const check = (fields: Partial<GradedCheck> = {}): GradedCheck => ({
  taskId: 'books',
  taskTitle: 'Books',
  check: 'refuses-a-stale-write',
  probe: null,
  competency: 'rest',
  level: 'mid',
  weight: 1,
  kind: 'edge',
  verdict: 'failed',
  message: null,
  expected: null,
  actual: null,
  brief: 'If it does not match: `412`.',
  ...fields,
});
const passed = check({ check: 'creates-a-book', verdict: 'passed', brief: null });
const shown = (fields: Partial<GradedCheck>) => candidateFeedback([check(fields)], {}, WORDS)[0]?.notYet[0];

describe('feedback for a candidate', () => {
  it('says what passed, what did not yet, and what to try next', () => {
    const message = 'A PUT of “x7Zq” should be answered with 412, but was answered with 200.';
    expect(candidateFeedback([passed, check({ message })], { rest: 'mid' }, WORDS)).toEqual([
      {
        competency: 'rest',
        name: 'HTTP',
        summary: 'Of HTTP.',
        opening: 'Some.',
        passed: [{ task: 'Books', title: 'Creates a book', brief: null }],
        notYet: [
          {
            task: 'Books',
            title: 'Refuses a stale write',
            brief: 'If it does not match: `412`.',
            how: null,
            expected: '412',
            actual: '200',
          },
        ],
        next: path('M'),
        later: path('S'),
      },
    ]);
  });

  it('opens by what was reached', () => {
    const openings = (...checks: GradedCheck[]) => candidateFeedback(checks, {}, WORDS)[0]?.opening;
    expect(openings(passed)).toBe('All.');
    expect(openings(passed, check())).toBe('Some.');
    expect(openings(check())).toBe('None.');
  });

  it.each([
    ['below_junior', 'J', 'M'],
    ['junior', 'J', 'M'],
    ['mid', 'M', 'S'],
    ['senior', 'S', null],
  ] as const)('leads on from %s', (level, next, later) => {
    const [feedback] = candidateFeedback([passed], { rest: level }, WORDS);
    expect(feedback).toMatchObject({ next: path(next), later: later && path(later) });
  });

  it('leaves out what nothing was seen of', () => {
    const skipped = check({ competency: 'sec', verdict: 'skipped' });
    expect(candidateFeedback([passed, skipped], {}, WORDS).map(({ competency }) => competency)).toEqual([
      'rest',
    ]);
  });

  it('tells measurements without how they were made', () => {
    const compared = { expected: "at most 75 ms, from the reference's 25 ms", actual: '225 ms' };
    expect(shown(compared)).toMatchObject({ expected: 'at most 75 ms', actual: '225 ms' });
  });

  it.each([
    ['crashed', 'Your program ended while this was looked at.'],
    ['timed_out', 'It did not finish in its time.'],
  ])('says how it ended: %s', (verdict, how) => {
    expect(shown({ verdict, message: 'Your server ended: TypeError: hidden-input' })).toMatchObject({ how });
  });

  it('never tells what a check sent', () => {
    const secret = 'hidden-input';
    const text = fc
      .tuple(
        fc.string(),
        fc.constantFrom(secret, `"${secret}"`, `answered with ${secret}, but was answered with 200`),
        fc.string(),
      )
      .map((parts) => parts.join(''));
    const maybe = fc.option(text);
    fc.assert(
      fc.property(
        maybe,
        maybe,
        maybe,
        fc.constantFrom('passed', 'failed', 'crashed', 'timed_out'),
        (message, expected, actual, verdict) => {
          const told = candidateFeedback([check({ message, expected, actual, verdict })], {}, WORDS);
          expect(JSON.stringify(told)).not.toContain(secret);
        },
      ),
    );
  });
});
