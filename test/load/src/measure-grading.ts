import { atMost, type BenchOptions, type Figure, figure, type Measured } from './figures.js';
import { runGradeCommand, type TypedGrading } from './grade-command.js';
import { gradeBacklog } from './graded-backlog.js';
import { measureInTurns } from './interleaved.js';
import { measureSandbox } from './measure-sandbox.js';
import { measureWarmGradings } from './measure-warm-gradings.js';
import { measureWorkerMemory } from './measure-worker-memory.js';
import { measurePackagesStart } from './packages-start.js';
import { gradePlainly, type PlainGrading, PlainServer } from './plain-grading.js';
import { median } from './statistics.js';
import type { SystemUnderLoad } from './system.js';

const THOROUGH = {
  ...{ pairs: 7, engines: 5, containers: 7, starts: 20 },
  ...{ warm: 15, gradings: 1_000, backlogs: 2, backlog: 6 },
};
/** Proves that everything still works; its figures say nothing. */
const QUICK: typeof THOROUGH = {
  ...{ pairs: 1, engines: 1, containers: 1, starts: 1 },
  ...{ warm: 1, gradings: 4, backlogs: 1, backlog: 2 },
};

/** `gradings`: over so many the worker's memory is watched. How long a grading takes beside the same checks on plain processes, and how many a worker manages in a minute. */
export async function measureGrading(
  system: SystemUnderLoad,
  { quick, gradings }: BenchOptions,
): Promise<Measured> {
  const plan = quick ? QUICK : THOROUGH;
  const home = system.environment.ASSAY_HOME;
  const command = await measureCommand(home, plan.pairs);
  const sandbox = await measureSandbox(home, plan.engines, plan.containers);
  const packages = await measurePackagesStart(plan.starts);
  const warm = await measureWarmGradings(home, plan.warm, plan.pairs);
  const slots = await measureSlots(system, plan);
  const memory = await measureWorkerMemory(home, gradings ?? plan.gradings);
  return {
    results: [
      ...command.figures,
      ...[sandbox, packages, warm].flatMap(({ results }) => results),
      ...[...slots, ...memory],
    ],
    goals: [atMost(command.ratio, 2), ...[sandbox, packages, warm].flatMap(({ goals }) => goals)],
  };
}

interface Round {
  ours: TypedGrading;
  /** A fresh server for each check, and one server for all of them. */
  peer: { fresh: PlainGrading; one: PlainGrading };
}

async function measureCommand(home: string, pairs: number) {
  const plain = await PlainServer.prepare();
  try {
    // The first grading in a data folder builds what the sandboxes see as their root. It also tells which checks there are.
    const { checks } = await runGradeCommand(home);
    const measurePeers = async () => ({
      fresh: await gradePlainly(plain, checks, 'one-a-check'),
      one: await gradePlainly(plain, checks, 'one'),
    });
    const rounds = await measureInTurns(pairs, measurePeers, () => runGradeCommand(home));
    if (rounds.some(({ peer }) => peer.fresh.passed < checks.length))
      throw new Error('the reference does not pass every check on plain processes');
    return compare(rounds);
  } finally {
    await plain.remove();
  }
}

function compare(rounds: readonly Round[]) {
  const of = (id: string, title: string, unit: Figure['unit'], valueOf: (round: Round) => number) =>
    figure(id, title, unit, rounds.map(valueOf));
  const ratio = of(
    'grade-vs-plain',
    'npm run grade against the same checks on plain servers, a fresh one each',
    '×',
    ({ ours, peer }) => ours.wallMs / peer.fresh.wallMs,
  );
  return {
    ratio,
    figures: [
      ratio,
      of(
        'grade-vs-one-plain-server',
        'npm run grade against the same checks on one plain server',
        '×',
        ({ ours, peer }) => ours.wallMs / peer.one.wallMs,
      ),
      of('grade', 'npm run grade', 'ms', ({ ours }) => ours.wallMs),
      of('plain', 'plain servers', 'ms', ({ peer }) => peer.fresh.wallMs),
      of('one-plain-server', 'one plain server', 'ms', ({ peer }) => peer.one.wallMs),
      of('one-plain-server-passed', 'checks that pass there', 'checks', ({ peer }) => peer.one.passed),
      of(
        'part-first-check',
        'npm run grade, until its first check has ended',
        'ms',
        ({ ours }) => ours.untilFirstCheckMs,
      ),
      of(
        'part-other-check',
        'each other check, from the end of the one before it',
        'ms',
        ({ ours }) => ours.otherChecksMs / (ours.checks.length - 1),
      ),
      of('part-check-itself', 'a check itself, without its server', 'ms', ({ ours }) => meanOf(ours.checks)),
      of(
        'part-end',
        'npm run grade, after its last check',
        'ms',
        ({ ours }) => ours.wallMs - ours.untilFirstCheckMs - ours.otherChecksMs,
      ),
      of('plain-server-start', 'a plain server, until it listens', 'ms', ({ peer }) =>
        median(peer.fresh.startsMs),
      ),
    ],
  };
}

const meanOf = (checks: readonly { ms: number }[]) =>
  checks.reduce((sum, { ms }) => sum + ms, 0) / checks.length;

async function measureSlots(
  system: SystemUnderLoad,
  { backlogs, backlog }: typeof THOROUGH,
): Promise<Figure[]> {
  const rounds = await measureInTurns(
    backlogs,
    () => gradeBacklog(system, 1, backlog),
    () => gradeBacklog(system, 2, backlog),
  );
  return [
    figure(
      'worker-one-slot',
      `a worker with one slot, ${backlog} submissions`,
      'gradings/min',
      rounds.map(({ peer }) => peer),
    ),
    figure(
      'worker-two-slots',
      'the same with two slots',
      'gradings/min',
      rounds.map(({ ours }) => ours),
    ),
    figure(
      'two-slots-vs-one',
      'two slots against one',
      '×',
      rounds.map(({ ours, peer }) => ours / peer),
    ),
  ];
}
