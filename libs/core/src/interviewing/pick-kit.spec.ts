import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Competency } from '../levelling/index.js';
import { editKit, type InterviewGuide, type KitEvidence, type ObservedCheck, pickKit } from './index.js';

const COMPETENCIES = ['async', 'rest', 'npm', 'sql', 'nosql', 'sec', 'perf', 'struct', 'own'] as const;

const question = (id: string, competency: Competency, isSeed = true) => ({
  id,
  competency,
  isSeed,
  question: `What about ${id}?`,
  atTenTimes: `And ${id}?`,
});

/** One question a competency, two of rest and own. */
const GUIDE: InterviewGuide = {
  competencies: COMPETENCIES.map((id) => ({ id, name: id.toUpperCase() })),
  questions: [
    question('two-editors', 'rest', false),
    ...COMPETENCIES.map((competency) => question(`${competency}-seed`, competency)),
    question('own-more', 'own', false),
  ],
  picking: {
    kit: [
      { slot: 'weakest' },
      { slot: 'weakest' },
      { slot: 'strongest' },
      { slot: 'own' },
      { slot: 'uncovered' },
    ],
    rules: [
      {
        signal: 'stale writes',
        when: [{ check: 'refuses-a-stale-write' }],
        question: 'two-editors',
        openings: ['It answered {actual}, not {expected}. Why?', 'What about two editors?'],
        because: ['A stale write was answered {actual}.'],
      },
      {
        signal: 'lag',
        when: [{ probe: 'lag' }],
        question: 'perf-seed',
        openings: ['It got {times} times slower.', 'It got slow.'],
        because: ['The ping rose {times}× while reports ran.'],
      },
    ],
    strong: { from: 0.9, opening: 'What breaks at ten times?' },
  },
};

const check = (competency: Competency, fields: Partial<ObservedCheck> = {}): ObservedCheck => ({
  taskId: 'books',
  taskTitle: 'Books',
  check: `a-${competency}-check`,
  probe: null,
  competency,
  level: 'mid',
  weight: 1,
  kind: 'functional',
  verdict: 'passed',
  message: null,
  expected: null,
  actual: null,
  ...fields,
});

const level = (competency: Competency, mean: number) => ({ competency, mean, statement: 'mid' });

const STALE = check('rest', {
  check: 'refuses-a-stale-write',
  verdict: 'failed',
  message: 'A PUT with an old If-Match should be answered with 412, but was answered with 200.',
});
const LAG = check('perf', {
  check: 'stays-responsive',
  probe: 'lag',
  verdict: 'failed',
  message: 'While heavy requests are worked on, other requests must be answered quickly.',
  expected: "at most 75 ms, from the reference's 25 ms",
  actual: '225 ms',
});

/** Weak in rest, then perf; strong in sec; nothing known of sql. */
const EVIDENCE: KitEvidence = {
  weights: { rest: 2, perf: 1, sec: 1, sql: 1, nosql: 2, own: 1 },
  checks: [STALE, check('rest'), LAG, check('sec', { weight: 3 }), check('sec', { check: 'more' })],
  levels: [level('rest', -1), level('perf', -0.5), level('sec', 1.2)],
};

const ids = (evidence: KitEvidence, guide = GUIDE) =>
  pickKit(evidence, guide).items.map(({ questionId }) => questionId);

describe('a kit', () => {
  it('asks about the two weakest, the strongest, own, and what nothing is known of', () => {
    const { items, shortfall } = pickKit(EVIDENCE, GUIDE);
    expect(shortfall).toBeNull();
    expect(items).toEqual([
      {
        slot: 'weakest',
        competency: 'rest',
        questionId: 'two-editors',
        opening: 'It answered 200, not 412. Why?',
        reason:
          'A stale write was answered 200. Of 3 competencies with evidence, REST is the weakest (1 of 2 checks passed; estimated mid).',
        evidence: [{ taskId: 'books', check: 'refuses-a-stale-write', verdict: 'failed' }],
      },
      {
        slot: 'weakest',
        competency: 'perf',
        questionId: 'perf-seed',
        opening: 'It got 9 times slower.',
        reason:
          'The ping rose 9× while reports ran. Of 3 competencies with evidence, PERF is the second weakest (0 of 1 checks passed; estimated mid).',
        evidence: [{ taskId: 'books', check: 'stays-responsive', verdict: 'failed' }],
      },
      {
        slot: 'strongest',
        competency: 'sec',
        questionId: 'sec-seed',
        opening: 'What breaks at ten times? And sec-seed?',
        reason:
          'By weight, 100 % of the checks passed, so the question goes on to what breaks next. Of 3 competencies with evidence, SEC is the strongest (2 of 2 checks passed; estimated mid).',
        evidence: [],
      },
      {
        slot: 'own',
        competency: 'own',
        questionId: 'own-seed',
        opening: 'What about own-seed?',
        reason: 'Every kit asks about OWN: tasks cannot show it.',
        evidence: [],
      },
      {
        slot: 'uncovered',
        competency: 'nosql',
        questionId: 'nosql-seed',
        opening: 'What about nosql-seed?',
        reason: 'There is no evidence on NOSQL yet, and the role asks for it.',
        evidence: [],
      },
    ]);
  });

  it('asks the seed’s questions, of what the role weighs most, when nothing is known', () => {
    const { items } = pickKit({ ...EVIDENCE, checks: [], levels: [] }, GUIDE);
    expect(items.map(({ questionId, slot }) => [questionId, slot])).toEqual([
      ['rest-seed', 'uncovered'],
      ['nosql-seed', 'uncovered'],
      ['sql-seed', 'uncovered'],
      ['own-seed', 'own'],
      ['sec-seed', 'uncovered'],
    ]);
  });

  it('asks what failed of somebody strong too, except as their strongest', () => {
    const nearly = check('rest', { weight: 3, check: 'big' });
    const many = [STALE, ...[1, 2, 3].map((n) => ({ ...nearly, check: `big-${n}` }))];
    const others = [check('perf'), check('sec')];
    const asWeakest = pickKit(
      { ...EVIDENCE, checks: [...many, ...others], levels: [level('rest', -1)] },
      GUIDE,
    );
    expect(asWeakest.items[0]).toMatchObject({ slot: 'weakest', opening: 'It answered 200, not 412. Why?' });
    const asStrongest = pickKit(
      { ...EVIDENCE, checks: [...many, ...others], levels: [level('rest', 3)] },
      GUIDE,
    );
    expect(asStrongest.items[2]).toMatchObject({
      competency: 'rest',
      opening: 'What breaks at ten times? And two-editors?',
    });
  });

  it('asks the same question of the strong as of those who failed', () => {
    const passed = { ...STALE, verdict: 'passed', message: null };
    const { items } = pickKit({ ...EVIDENCE, weights: { rest: 1 }, checks: [passed] }, GUIDE);
    expect(items[0]).toMatchObject({
      questionId: 'two-editors',
      opening: 'What breaks at ten times? And two-editors?',
    });
  });

  it('opens in plainer words where the figures are not known', () => {
    const checks = [{ ...LAG, actual: 'no result within 40 s' }];
    const [item] = pickKit({ ...EVIDENCE, weights: { perf: 1 }, checks }, GUIDE).items;
    expect(item?.opening).toBe('It got slow.');
    expect(item?.reason).toMatch(
      /^In “Books”, “stays responsive” failed: While heavy .* answered quickly\. Expected at most 75 ms.*; it was no result within 40 s\./,
    );
  });

  it('says what failed where no rule knows it', () => {
    const crashed = check('sec', {
      verdict: 'crashed',
      message: 'Your server ended with exit code 1 during this check: TypeError: x.',
    });
    const [item] = pickKit({ ...EVIDENCE, weights: { sec: 1 }, checks: [crashed] }, GUIDE).items;
    expect(item).toMatchObject({
      questionId: 'sec-seed',
      opening: 'What about sec-seed?',
      evidence: [{ check: 'a-sec-check', verdict: 'crashed' }],
    });
    expect(item?.reason).toMatch(/^In “Books”, “a sec check” crashed: Your server ended/);
  });

  it('takes second questions, and then what the role does not weigh, when too few are weighed', () => {
    const evidence = { ...EVIDENCE, weights: { rest: 1 }, checks: [STALE, check('npm')] };
    expect(ids(evidence)).toEqual(['two-editors', 'rest-seed', 'own-seed', 'own-more', 'npm-seed']);
  });

  it('says why it has fewer questions', () => {
    const kit = pickKit({ weights: { sql: 1 }, checks: [], levels: [] }, GUIDE);
    expect(kit.items.map(({ questionId }) => questionId)).toEqual(['sql-seed', 'own-seed', 'own-more']);
    expect(kit.shortfall).toMatch(
      /^There are 3 questions instead of 5: the role weighs 1 of the competencies/,
    );
  });

  it('never takes a check that was not made as a failure', () => {
    const skipped = { ...STALE, verdict: 'skipped' };
    const { items } = pickKit({ ...EVIDENCE, weights: { rest: 1 }, checks: [skipped] }, GUIDE);
    expect(items[0]).toMatchObject({ questionId: 'rest-seed', slot: 'uncovered', evidence: [] });
  });

  const someCheck = fc
    .record({
      competency: fc.constantFrom(...COMPETENCIES),
      name: fc.constantFrom('refuses-a-stale-write', 'stays-responsive', 'a', 'b', 'c'),
      probe: fc.constantFrom(null, 'lag'),
      weight: fc.integer({ min: 1, max: 3 }),
      verdict: fc.constantFrom('passed', 'failed', 'crashed', 'timed_out', 'skipped'),
      message: fc.constantFrom(null, STALE.message, LAG.message),
    })
    .map(({ competency, name, ...rest }) => check(competency, { check: `${name}-${competency}`, ...rest }));
  const someEvidence: fc.Arbitrary<KitEvidence> = fc.record({
    weights: fc.dictionary(fc.constantFrom(...COMPETENCIES), fc.integer({ min: 1, max: 5 }), { minKeys: 1 }),
    checks: fc.uniqueArray(someCheck, { selector: (each) => each.check, maxLength: 20 }),
    levels: fc.uniqueArray(
      fc.record({
        competency: fc.constantFrom(...COMPETENCIES),
        mean: fc.double({ min: -3, max: 3, noNaN: true }),
        statement: fc.constant('mid'),
      }),
      { selector: (each) => each.competency },
    ),
  });

  it('asks no question twice, always about own, with a reason and an opening for each', () => {
    fc.assert(
      fc.property(someEvidence, (evidence) => {
        const { items, shortfall } = pickKit(evidence, GUIDE);
        expect(new Set(items.map(({ questionId }) => questionId)).size).toBe(items.length);
        expect(items.some(({ competency }) => competency === 'own')).toBe(true);
        expect(items.length === 5).toBe(shortfall === null);
        for (const { reason, opening, questionId, competency } of items) {
          expect(reason).toMatch(/\.$/);
          expect(opening).not.toMatch(/\{\w+\}|^$/);
          expect(GUIDE.questions.find(({ id }) => id === questionId)?.competency).toBe(competency);
        }
      }),
    );
  });

  it('does not depend on the order in which evidence arrives', () => {
    fc.assert(
      fc.property(someEvidence, fc.infiniteStream(fc.nat()), (evidence, keys) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, key: keys.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const weights = Object.fromEntries(shuffled(Object.entries(evidence.weights)));
        const other = { weights, checks: shuffled(evidence.checks), levels: shuffled(evidence.levels) };
        expect(pickKit(other, GUIDE)).toEqual(pickKit(evidence, GUIDE));
      }),
    );
  });

  it('prefers failures that a rule knows to those that none does', () => {
    fc.assert(
      fc.property(
        fc.subarray(['a', 'b', 'c'], { minLength: 0 }),
        fc.integer({ min: 1, max: 3 }),
        (names, weight) => {
          const others = names.map((name) => check('rest', { check: name, verdict: 'failed', weight }));
          expect(ids({ ...EVIDENCE, weights: { rest: 1 }, checks: [...others, STALE] })[0]).toBe(
            'two-editors',
          );
        },
      ),
    );
  });
});

describe('an edited kit', () => {
  const EDITOR = { memberId: 'm1', at: '2026-11-22T23:00:00Z', why: 'We know their SQL already.' };
  const { items } = pickKit(EVIDENCE, GUIDE);
  const wanted = items.map(({ questionId, opening }) => ({ questionId, opening }));
  const edit = (to: typeof wanted) => editKit(items, to, EDITOR, GUIDE);
  const told = (to: typeof wanted) =>
    edit(to).changes.map(({ kind, questionId, insteadOf }) => [kind, questionId, insteadOf]);

  it('is the same when nothing is changed', () => {
    expect(edit(wanted)).toEqual({ items, changes: [] });
  });

  it('keeps who replaced a question, and why', () => {
    const to = wanted.with(4, { questionId: 'sql-seed', opening: 'Tell me about locks.' });
    const edited = edit(to);
    expect(edited.changes).toEqual([
      { kind: 'replaced', questionId: 'sql-seed', insteadOf: 'nosql-seed', ...EDITOR },
    ]);
    expect(edited.items[4]).toEqual({
      questionId: 'sql-seed',
      competency: 'sql',
      slot: null,
      opening: 'Tell me about locks.',
      reason: EDITOR.why,
      evidence: [],
    });
    expect(edited.items.slice(0, 4)).toEqual(items.slice(0, 4));
  });

  it('tells each kind of change', () => {
    expect(told(wanted.slice(1))).toEqual([['removed', 'two-editors', null]]);
    expect(told([...wanted, { questionId: 'sql-seed', opening: 'x' }])).toEqual([
      ['added', 'sql-seed', null],
    ]);
    expect(told(wanted.with(0, { questionId: 'two-editors', opening: 'Hm?' }))).toEqual([
      ['reworded', 'two-editors', null],
    ]);
    expect(told(wanted.toReversed())).toEqual([['reordered', 'nosql-seed', null]]);
  });

  it('has questions of the content only, each once', () => {
    expect(() => edit([{ questionId: 'nobody-wrote-it', opening: 'x' }])).toThrow(
      expect.objectContaining({ code: 'kit.question_unknown' }),
    );
    expect(() => edit([...wanted, ...wanted.slice(0, 1)])).toThrow(
      expect.objectContaining({ code: 'kit.question_twice' }),
    );
  });

  it('has exactly what was wanted, whatever it was before', () => {
    const any = fc.shuffledSubarray(GUIDE.questions.map(({ id }) => ({ questionId: id, opening: `${id}?` })));
    fc.assert(
      fc.property(any, any, (first, second) => {
        const before = editKit([], first, EDITOR, GUIDE).items;
        const { items: after, changes } = editKit(before, second, EDITOR, GUIDE);
        expect(after.map(({ questionId, opening }) => ({ questionId, opening }))).toEqual(second);
        expect(changes.length === 0).toBe(JSON.stringify(first) === JSON.stringify(second));
        const came = changes.filter(({ kind }) => kind === 'added' || kind === 'replaced').length;
        const went = changes.filter(({ kind }) => kind === 'removed' || kind === 'replaced').length;
        expect(before.length + came - went).toBe(after.length);
      }),
    );
  });
});
