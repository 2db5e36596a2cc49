import { atMost, type Figure, figure, type Measured } from './figures.js';
import { runGradeCommand, type TypedGrading } from './grade-command.js';
import { gradeBacklog } from './graded-backlog.js';
import { measureInTurns } from './interleaved.js';
import { measurePackagesStart } from './packages-start.js';
import { gradePlainly, type PlainGrading, PlainServer } from './plain-grading.js';
import { measureSandbox, type SandboxParts } from './sandbox-parts.js';
import { median } from './statistics.js';
import type { SystemUnderLoad } from './system.js';

const THOROUGH = { pairs: 7, proofs: 5, starts: 20, backlogs: 2, backlog: 6 };
/** Proves that everything still works; its figures say nothing. */
const QUICK = { pairs: 1, proofs: 1, starts: 1, backlogs: 1, backlog: 2 };

/** How long a grading takes beside the same checks on plain processes, and how many a worker manages in a minute. */
export async function measureGrading(system: SystemUnderLoad, quick: boolean): Promise<Measured> {
  const plan = quick ? QUICK : THOROUGH;
  const home = system.environment.ASSAY_HOME;
  const command = await measureCommand(home, plan.pairs);
  const sandbox = await measureParts(home, plan.proofs);
  const packages = await measurePackagesStart(plan.starts);
  const slots = await measureSlots(system, plan);
  return {
    results: [...command.figures, ...sandbox, ...packages.results, ...slots],
    goals: [atMost(command.ratio, 2), ...packages.goals],
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

async function measureParts(home: string, times: number): Promise<Figure[]> {
  const parts: SandboxParts[] = [];
  while (parts.length < times) parts.push(await measureSandbox(home));
  const of = (id: string, title: string, valueOf: (part: SandboxParts) => number) =>
    figure(id, title, 'ms', parts.map(valueOf));
  return [
    of('sandbox-self-test', 'the sandbox proves its guarantees', ({ selfTestMs }) => selfTestMs),
    of('sandbox-pod', 'a pod with its network', ({ openPodMs }) => openPodMs),
    of('sandbox-start', 'a container, until it runs', ({ startMs }) => startMs),
    of('sandbox-kill', 'a container is killed and removed', ({ killMs }) => killMs),
  ];
}

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
