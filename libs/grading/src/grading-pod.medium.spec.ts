import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Container, ContainerSpec, Pod, SandboxEngine } from '@assay/sandbox';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ANSWERS, echoTask, GOOD_SERVER, serverFile, type TaskShape } from '../test/echo-task.js';
import { createPlainNodeEngine } from '../test/plain-node-engine.js';
import { gradeSolution } from './grade-solution.js';

/** What is at work at the same time in one grading, on plain processes: they share a folder, for signs. */

const plain = createPlainNodeEngine();
const folders: string[] = [];
afterAll(async () => {
  await plain.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});

let folder: string;
const sign = (name: string) => join(folder, name);
/** For a check or a server: waits for a sign, or its time passes. */
const waitFor = (name: string) =>
  `const { existsSync } = await import('node:fs');
   while (!existsSync(${JSON.stringify(sign(name))})) await new Promise((resolve) => setTimeout(resolve, 5));`;

/** What happened, in order: servers boot and go, by number; checks end. */
let log: string[];
let servers: Container[];
/** Those that were told to go and have not ended. */
let running: Set<Container>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-turns-'));
  folders.push(folder);
  log = [];
  servers = [];
  running = new Set();
});

interface Watching {
  /** Before a server's container starts. */
  onBoot?: (number: number) => unknown;
  /** Once it has booted. */
  onWaiting?: (number: number, server: Container) => unknown;
}

/** The plain engine, watched. */
function watched({ onBoot, onWaiting }: Watching = {}): SandboxEngine {
  let count = 0;
  const start = async (pod: Pod, spec: ContainerSpec): Promise<Container> => {
    if (spec.part === 'checks') return pod.start(spec);
    const number = (count += 1);
    log.push(`${number} boots`);
    await onBoot?.(number);
    const container = await pod.start(spec);
    servers.push(container);
    const { control } = container;
    control?.once('data', () => void onWaiting?.(number, container));
    const end = (document: string) => {
      log.push(`${number} goes beside ${running.size}`);
      running.add(container);
      return (Duplex.prototype.end as (chunk: string) => unknown).call(control, document); // of its overloads, this one
    };
    Object.assign(control ?? {}, { end });
    void container.exited.then(() => running.delete(container));
    return container;
  };
  return {
    ...plain,
    openPod: async () => {
      const pod = await plain.openPod();
      return { ...pod, start: (spec) => start(pod, spec) };
    },
  };
}

interface How {
  solution?: string;
  signal?: AbortSignal;
  engine?: SandboxEngine;
}

async function grade(shape: TaskShape, { solution = GOOD_SERVER, engine = watched(), ...how }: How = {}) {
  const result = await gradeSolution({
    engine,
    bundle: echoTask(shape),
    files: serverFile(solution),
    checks: 'hidden',
    seed: 'seed',
    ...how,
    onProgress: ({ name }) => log.push(`${name} has ended`),
  });
  const { reason, checks } = result;
  return { reason, checks: checks.map(({ verdict, message }) => [verdict, message]) };
}

const passed = (count: number) => ({ reason: null, checks: Array(count).fill(['passed', null]) });
const signAt = (count: number, name: string) => async (number: number) => {
  if (number === count) await writeFile(sign(name), '');
};
/** A server that knows which of its grading's it is, as `n`, and runs `code` first. */
const numbered = (code: string) => `import fs from 'node:fs';
const take = (n) => {
  try { fs.writeFileSync(${JSON.stringify(folder)} + '/server-' + n, '', { flag: 'wx' }); return n; } catch { return take(n + 1); }
};
const n = take(1);
${code}
${GOOD_SERVER}`;

describe('the server of the next check', () => {
  afterEach(() => {
    expect(plain.openPods).toBe(0);
    expect(running.size).toBe(0);
  });

  test('boots while a check runs, in the same pod, and goes in its turn', async () => {
    const one = { code: waitFor('second') };
    const engine = watched({ onWaiting: signAt(2, 'second') });
    expect(await grade({ hidden: { one, two: ANSWERS } }, { engine })).toEqual(passed(2));
    // The next one may begin to boot a moment before the first is seen to go.
    expect(log.slice(0, 3).sort()).toEqual(['1 boots', '1 goes beside 0', '2 boots']);
    expect(log.slice(3)).toEqual(['one has ended', '2 goes beside 0', 'two has ended']);
  });

  test('runs nothing of the solution before its turn', async () => {
    const one = {
      code: `${waitFor('second')}
        assert.deepEqual((await import('node:fs')).readdirSync(${JSON.stringify(folder)}).filter((name) => /^server-/.test(name)), ['server-1']);`,
    };
    const engine = watched({ onWaiting: signAt(2, 'second') });
    expect(await grade({ hidden: { one, two: ANSWERS } }, { engine, solution: numbered('') })).toEqual(
      passed(2),
    );
  });

  test('has booted before a check of performance begins, which starts its own in their turn', async () => {
    const slowly = async (number: number) => {
      if (number !== 3) return;
      await delay(300);
      await writeFile(sign('third'), '');
    };
    const two = {
      code: `assert.ok((await import('node:fs')).existsSync(${JSON.stringify(sign('third'))})); await server.restart(); ${ANSWERS.code}`,
      kind: 'performance' as const,
    };
    const engine = watched({ onBoot: slowly, onWaiting: signAt(2, 'second') });
    const hidden = { one: { code: waitFor('second') }, two, three: ANSWERS };
    expect(await grade({ hidden }, { engine })).toEqual(passed(3));
    expect(log.slice(0, 3).sort()).toEqual(['1 boots', '1 goes beside 0', '2 boots']);
    expect(log.slice(3)).toEqual([
      'one has ended',
      ...['2 goes beside 0', '3 boots', '4 boots', '4 goes beside 0', 'two has ended'],
      ...['3 goes beside 0', 'three has ended'],
    ]);
  });

  test('waits while a check compares, whatever kind it says it is; what is compared is started alike', async () => {
    const compares = {
      code: `await compare({ measure: async ({ http }) => { await http.get('/'); return 1; }, limit: () => 1, unit: 'x', message: 'No.' });`,
      timeoutMs: 30_000,
    };
    expect(await grade({ hidden: { compares, two: ANSWERS } })).toEqual(passed(2));
    const window = (number: number) => [`${number} boots`, `${number} goes beside 0`];
    expect(log.slice(0, 3).sort()).toEqual(['1 boots', '1 goes beside 0', '2 boots']);
    expect(log.slice(3)).toEqual([
      ...[3, 4, 5, 6].flatMap(window),
      ...['compares has ended', '2 goes beside 0', 'two has ended'],
    ]);
  });

  test('is told its variables as it goes, but boots with what Node reads at its start', async () => {
    const tells = `import http from 'node:http';
      http.createServer((request, response) => response.end([process.env.COLOUR, process.env.NODE_OPTIONS, process.title].join())).listen(process.env.PORT, '127.0.0.1');`;
    const starts = (env: string, expected: string) => ({
      code: `await server.start({ env: ${env} }); assert.equal((await http.get('/')).text.split(',').slice(0, 2).join(), '${expected}');`,
    });
    const hidden = {
      one: starts(`{ COLOUR: 'red' }`, 'red,'),
      two: starts(`{ COLOUR: 'blue' }`, 'blue,'),
      three: starts(`{ NODE_OPTIONS: '--no-warnings' }`, ',--no-warnings'),
    };
    expect(await grade({ hidden, startedBy: 'check' }, { solution: tells })).toEqual(passed(3));
    const goes = log.filter((line) => line.includes('goes'));
    // The third waits in vain.
    expect(goes).toEqual(['1 goes beside 0', '2 goes beside 0', '4 goes beside 0']);
  });

  test('that dies while it waits is ours: another is started', async () => {
    const one = { code: waitFor('dead') };
    const dies = async (number: number, server: Container) => {
      if (number !== 2) return;
      await server.kill();
      await writeFile(sign('dead'), '');
    };
    const engine = watched({ onWaiting: dies });
    expect(await grade({ hidden: { one, two: ANSWERS } }, { engine })).toEqual(passed(2));
    expect(log.slice(-3)).toEqual(['3 boots', '3 goes beside 0', 'two has ended']);
  });

  test('that does not come up ends the trying when it is the second in a row', async () => {
    const fails = numbered('if (n > 1) process.exit(3);');
    const hidden = { one: ANSWERS, two: ANSWERS, three: ANSWERS, four: ANSWERS };
    const { reason, checks } = await grade({ hidden }, { solution: fails });
    const crashed = ['crashed', 'Your server ended with exit code 3 before it accepted connections.'];
    const skipped = ['skipped', 'Skipped, because your server did not come up 2 times in a row.'];
    expect({ reason, checks }).toEqual({
      reason: null,
      checks: [['passed', null], crashed, crashed, skipped],
    });
    expect(log.filter((line) => line.includes('goes'))).toHaveLength(3);
  });

  test('is killed when the grading is stopped', async () => {
    const stop = new AbortController();
    const hidden = { one: { code: 'await new Promise(() => {});', timeoutMs: 60_000 }, two: ANSWERS };
    const engine = watched({ onWaiting: (number) => number === 2 && stop.abort() });
    expect(await grade({ hidden }, { engine, signal: stop.signal })).toEqual({
      reason: 'the grading was stopped before it ended',
      checks: [],
    });
    expect(await Promise.all(servers.map(async ({ exited }) => (await exited).cause))).toEqual([
      'killed',
      'killed',
    ]);
  });
});
