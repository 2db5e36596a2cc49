import { loadInClosedLoop, type Round } from './closed-loop.js';
import { atLeast, atMost, type BenchOptions, type Figure, figure, type Measured } from './figures.js';
import { encodeRequest, HttpConnection } from './http-connection.js';
import { measureInTurns } from './interleaved.js';
import { startPeer } from './peer-process.js';
import { PlainCommits } from './plain-commits.js';
import { makeSeats, type Seat } from './seats.js';
import { quantile } from './statistics.js';
import type { SystemUnderLoad } from './system.js';

const TASK_ID = 'crud-api';
/** What is saved and committed: about as long as a source file is. */
const CONTENT = 'a line of a source file, as one writes it\n'.repeat(50);

const THOROUGH = {
  candidates: 50,
  warmUpMs: 3_000,
  loadMs: 4_000,
  loadPairs: 7,
  alonePairs: 3,
  saveWaves: 13,
  submitWaves: 5,
};
/** Proves that everything still works; its figures say nothing. */
const QUICK = {
  candidates: 5,
  warmUpMs: 50,
  loadMs: 50,
  loadPairs: 2,
  alonePairs: 1,
  saveWaves: 2,
  submitWaves: 2,
};

/** How fast the assessment API reads, saves and submits, each beside a peer in the same minute. */
export async function measureApi(system: SystemUnderLoad, { quick }: BenchOptions): Promise<Measured> {
  const plan = quick ? QUICK : THOROUGH;
  const port = Number(new URL(system.environment.ASSAY_CANDIDATE_URL).port);
  const seats = await makeSeats(system, TASK_ID, plan.candidates * plan.submitWaves);
  const waves = Array.from({ length: plan.submitWaves }, (_, i) =>
    seats.slice(i * plan.candidates, (i + 1) * plan.candidates),
  );
  const commits = await PlainCommits.open(system.ownerUrl, plan.candidates);
  try {
    const reading = await measureReading(port, waves[0] ?? [], plan);
    const saving = await measureSaving(port, waves[0] ?? [], commits, plan.saveWaves);
    const submitting = await measureSubmitting(port, waves, commits);
    const errors = figure('api-errors', 'answers that were errors, of all above', 'errors', [
      reading.errors + saving.errors + submitting.errors,
    ]);
    return {
      results: [...reading.figures, ...saving.figures, ...submitting.figures, errors],
      goals: [atLeast(reading.ratio, 0.35), atMost(errors, 0)],
    };
  } finally {
    await commits.close();
  }
}

/** GET of the own attempt beside a bare Express 5: by all candidates at once, and by one who has the machine alone. */
async function measureReading(port: number, seats: readonly Seat[], plan: typeof THOROUGH) {
  const requests = seats.map(({ cookie }) => encodeRequest({ method: 'GET', path: '/v1/attempt', cookie }));
  const hello = seats.map(() => encodeRequest({ method: 'GET', path: '/' }));
  const [express, canned] = await Promise.all([
    startPeer('express-hello.js'),
    startPeer('canned-answers.js'),
  ]);
  const measure = (pairs: number, clients: number) =>
    measureInTurns(
      pairs,
      () => loadInClosedLoop(express.port, hello.slice(0, clients), plan.loadMs),
      () => loadInClosedLoop(port, requests.slice(0, clients), plan.loadMs),
    );
  try {
    await loadInClosedLoop(express.port, hello, plan.warmUpMs);
    await loadInClosedLoop(port, requests, plan.warmUpMs);
    const together = compareReads('', `${seats.length} at once`, await measure(plan.loadPairs, seats.length));
    const alone = compareReads('-alone', 'one alone', await measure(plan.alonePairs, 1));
    const ceiling = await loadInClosedLoop(canned.port, requests, plan.loadMs);
    return {
      ratio: together.ratio,
      errors: together.errors + alone.errors,
      figures: [
        ...together.figures,
        ...alone.figures,
        figure('generator-ceiling', 'load generator, on a server that does nothing', 'requests/s', [
          ceiling.perSecond,
        ]),
      ],
    };
  } finally {
    express.stop();
    canned.stop();
  }
}

/** `suffix`: of the figures' ids. */
function compareReads(suffix: string, load: string, rounds: readonly { peer: Round; ours: Round }[]) {
  const ours = rounds.map((round) => round.ours);
  const peer = rounds.map((round) => round.peer);
  const ratio = figure(
    `api-get${suffix}-vs-express`,
    `GET /v1/attempt against Express 5 saying hello, ${load}`,
    '×',
    rounds.map((round) => round.ours.perSecond / round.peer.perSecond),
  );
  return {
    ratio,
    errors: [...ours, ...peer].reduce((sum, { errors }) => sum + errors, 0),
    figures: [
      ratio,
      ...figuresOf(`api-get${suffix}`, `GET /v1/attempt, ${load}`, ours),
      ...figuresOf(`express-hello${suffix}`, `Express 5, hello, ${load}`, peer),
      figure(
        `generator-busy${suffix}`,
        `load generator at work, while we were measured, ${load}`,
        '%',
        ours.map(({ generatorBusy }) => generatorBusy * 100),
      ),
    ],
  };
}

function figuresOf(id: string, title: string, rounds: readonly Round[]): Figure[] {
  return [
    figure(
      `${id}-per-second`,
      title,
      'requests/s',
      rounds.map(({ perSecond }) => perSecond),
    ),
    figure(
      `${id}-p50`,
      `${title}, p50`,
      'ms',
      rounds.map(({ p50Ms }) => p50Ms),
    ),
    figure(
      `${id}-p95`,
      `${title}, p95`,
      'ms',
      rounds.map(({ p95Ms }) => p95Ms),
    ),
  ];
}

/** One wave: everybody at once, once. */
interface Wave {
  latenciesMs: number[];
  errors: number;
}

async function measureSaving(port: number, seats: readonly Seat[], commits: PlainCommits, waves: number) {
  const connections = await Promise.all(seats.map(() => HttpConnection.open(port)));
  let baseRevision = 0;
  const save = async () => {
    const body = { path: 'src/saved.js', content: CONTENT, baseRevision };
    baseRevision += 1;
    const path = `/v1/attempt/tasks/${TASK_ID}/file`;
    const requests = seats.map(({ cookie }) => encodeRequest({ method: 'PUT', path, cookie, body }));
    return sendAtOnce(connections, requests, 200);
  };
  try {
    // The first one makes the file, the others change it.
    await save();
    await commits.updateAtOnce(CONTENT);
    const rounds = await measureInTurns(waves, async () => plain(await commits.updateAtOnce(CONTENT)), save);
    return compareWaves('save', 'save a file', 'UPDATE', rounds);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** A submission is final: every wave has candidates of its own. */
async function measureSubmitting(port: number, waves: readonly (readonly Seat[])[], commits: PlainCommits) {
  const connections = await Promise.all((waves[0] ?? []).map(() => HttpConnection.open(port)));
  const left = [...waves];
  const path = `/v1/attempt/tasks/${TASK_ID}/submission`;
  const submit = () => {
    const requests = (left.shift() ?? []).map(({ cookie }) =>
      encodeRequest({ method: 'POST', path, cookie }),
    );
    return sendAtOnce(connections, requests, 201);
  };
  try {
    await commits.insertAtOnce(CONTENT);
    const rounds = await measureInTurns(
      waves.length,
      async () => plain(await commits.insertAtOnce(CONTENT)),
      submit,
    );
    return compareWaves('submit', 'submit a task', 'INSERT', rounds);
  } finally {
    for (const connection of connections) connection.close();
  }
}

const plain = (latenciesMs: number[]): Wave => ({ latenciesMs, errors: 0 });

async function sendAtOnce(
  connections: readonly HttpConnection[],
  requests: readonly Buffer[],
  expectedStatus: number,
): Promise<Wave> {
  const answers = await Promise.all(
    connections.flatMap((connection, i) => {
      const request = requests[i];
      return request ? [connection.send(request)] : [];
    }),
  );
  return {
    latenciesMs: answers.map(({ ms }) => ms),
    errors: answers.filter(({ status }) => status !== expectedStatus).length,
  };
}

function compareWaves(
  id: string,
  title: string,
  statement: string,
  rounds: readonly { peer: Wave; ours: Wave }[],
) {
  const p95 = ({ latenciesMs }: Wave) => quantile(latenciesMs, 0.95);
  return {
    errors: rounds.reduce((sum, { ours }) => sum + ours.errors, 0),
    figures: [
      figure(
        `${id}-p95`,
        `${title}, all at once, p95`,
        'ms',
        rounds.map(({ ours }) => p95(ours)),
      ),
      figure(
        `commit-${statement.toLowerCase()}-p95`,
        `plain ${statement} and commit, all at once, p95`,
        'ms',
        rounds.map(({ peer }) => p95(peer)),
      ),
      figure(
        `${id}-vs-commit`,
        `${title} against plain ${statement}`,
        '×',
        rounds.map(({ ours, peer }) => p95(ours) / p95(peer)),
      ),
    ],
  };
}
