import { COMPETENCIES, type Competency, LEVELS } from '@assay/contracts';
import { type Content, SCORES, STRENGTHS } from '@assay/contracts/content';

/** `own` has two questions, `sec` and `rest` too; every other competency one. */
const SECOND: Competency[] = ['own', 'sec', 'rest'];

/** Whole and valid written content for specs; short, and none of the product's own words. */
export function sampleContent(): Content {
  const questions = [
    ...COMPETENCIES.map((competency) => sampleQuestion(`${competency}-first`, competency, true)),
    ...SECOND.map((competency) => sampleQuestion(`${competency}-second`, competency, false)),
  ];
  return {
    competencies: COMPETENCIES.map((id) => ({
      id,
      name: `The ${id} part`,
      summary: `What ${id} is about.`,
      anchors: { junior: 'Follows.', mid: 'Works alone.', senior: 'Leads.' },
      scale: SCORES.map((score) => ({ score, name: `Point ${score}`, anchor: `Shows ${score}.` })),
      redFlags: ['Guesses.'],
    })),
    levels: LEVELS.map((id) => ({
      id,
      name: `A ${id}`,
      custom: id === 'below_junior' ? null : 'Some years.',
      definition: `Does what a ${id} does.`,
    })),
    questions,
    picking: {
      questions: questions.map(({ id }) => id),
      kit: [
        { slot: 'weakest', purpose: 'To see why.' },
        { slot: 'weakest', purpose: 'To see why.' },
        { slot: 'strongest', purpose: 'To see how far it goes.' },
        { slot: 'own', purpose: 'To see how they work.' },
        { slot: 'uncovered', purpose: 'To see what no task showed.' },
      ],
      rules: [
        {
          signal: 'stale writes get through',
          when: [{ check: 'refuses-a-stale-write' }],
          question: 'rest-second',
          openings: [
            'Your server answered {actual} where {expected} was due. Why?',
            'Tell me about writes that meet.',
          ],
          because: ['A stale write was answered {actual}.'],
        },
        {
          signal: 'requests wait for heavy work',
          when: [{ probe: 'lag' }, { kind: 'performance' }],
          question: 'perf-first',
          openings: [
            'It got {times} times slower. How would you find out why?',
            'How do you find what is slow?',
          ],
          because: ['The quick request rose {times}× while heavy ones ran.'],
        },
      ],
      strong: { from: 0.9, opening: 'That went well. Let us go on.' },
    },
    feedback: COMPETENCIES.map((competency) => ({
      competency,
      openings: {
        allPassed: 'All of it worked.',
        somePassed: 'A good part of it worked.',
        nonePassed: 'This part did not work yet.',
      },
      levels: {
        junior: { tryNext: `Learn the basics of ${competency}.`, steps: [{ text: 'Read.' }] },
        mid: { tryNext: `Go deeper into ${competency}.`, steps: [{ text: 'Build.' }] },
        senior: { tryNext: `Teach ${competency}.`, steps: [{ text: 'Write.' }] },
      },
    })),
    screening: {
      vocabulary: [{ terms: ['queues'], competencies: ['async'] }],
      strengths: STRENGTHS.map((strength) => ({
        strength,
        name: `Strength ${strength}`,
        description: 'A claim.',
      })),
      redact: [{ what: 'age', why: 'It says nothing about work.' }],
      ignore: ['layout'],
      questions: { weakClaim: ['What did you do in {competency}?'], bareNumber: ['How was it measured?'] },
      offers: [],
    },
  };
}

const sampleQuestion = (
  id: string,
  competency: Competency,
  isSeed: boolean,
): Content['questions'][number] => ({
  id,
  competency,
  isSeed,
  question: `What would you do about ${competency}?`,
  purpose: 'Finds out.',
  followUps: ['And then?'],
  answers: SCORES.map((score) => ({ score, anchor: `An answer worth ${score}.` })),
  redFlags: ['Blames others.'],
  atTenTimes: 'And at ten times the load?',
});
