import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Container, SandboxEngine } from '@assay/sandbox';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
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

/** What happened: a server of the candidate's or the reference's is started beside so many others; a check ends. */
let log: string[];
/** Of the candidate or the reference. */
let servers: Container[];
let alive: Set<Container>;
let pods: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-turns-'));
  folders.push(folder);
  log = [];
  servers = [];
  alive = new Set();
  pods = 0;
});

interface Watching {
  onServer?: (count: number) => void | Promise<void>;
  onPrepared?: (name: string) => void;
}

/** The plain engine, watched. */
function watched({ onServer, onPrepared }: Watching): SandboxEngine {
  return {
    ...plain,
    openPod: async () => {
      const pod = await plain.openPod();
      pods += 1;
      return {
        ...pod,
        start: async (spec) => {
          const container = await pod.start(spec);
          if (spec.part === 'checks') {
            container.stdout.on('data', (chunk: Buffer) => {
              for (const [, name = ''] of String(chunk).matchAll(/"type":"prepared","name":"([^"]+)"/g))
                onPrepared?.(name);
            });
            return container;
          }
          log.push(`start beside ${alive.size}`);
          servers.push(container);
          alive.add(container);
          void container.exited.then(() => alive.delete(container));
          await onServer?.(servers.length);
          return container;
        },
      };
    },
  };
}

async function grade(
  shape: TaskShape,
  watching: Watching = {},
  solution = GOOD_SERVER,
  signal?: AbortSignal,
) {
  const result = await gradeSolution({
    engine: watched(watching),
    bundle: echoTask(shape),
    files: serverFile(solution),
    checks: 'hidden',
    seed: 'seed',
    signal,
    onProgress: ({ name }) => log.push(`${name} has ended`),
  });
  expect(plain.openPods).toBe(0);
  expect(alive.size).toBe(0);
  const { reason, checks } = result;
  return { reason, checks: checks.map(({ verdict, message }) => [verdict, message]) };
}

const passed = (count: number) => ({ reason: null, checks: Array(count).fill(['passed', null]) });
const signAt = (count: number, name: string) => async (started: number) => {
  if (started === count) await writeFile(sign(name), '');
};

describe('the server of the next check', () => {
  test('waits for its turn when there is one lane', async () => {
    const hidden = { one: ANSWERS, two: ANSWERS };
    expect(await grade({ hidden }, {}, GOOD_SERVER, undefined, true)).toEqual(passed(2));
    expect(log).toEqual(['start beside 0', 'one has ended', 'start beside 0', 'two has ended']);
    expect(pods).toBe(1);
  });

  test('comes up while a check runs, in a pod of its own', async () => {
    const one = { code: waitFor('second') };
    expect(await grade({ hidden: { one, two: ANSWERS } }, { onServer: signAt(2, 'second') })).toEqual(
      passed(2),
    );
    expect(log).toEqual(['start beside 0', 'start beside 1', 'one has ended', 'two has ended']);
  });

  test('there are never more than two, and a lane is used again', async () => {
    const hidden = { one: ANSWERS, two: ANSWERS, three: ANSWERS, four: ANSWERS, five: ANSWERS };
    expect(await grade({ hidden })).toEqual(passed(5));
    expect(pods).toBe(2);
    const starts = log.filter((line) => line.startsWith('start'));
    expect(starts).toHaveLength(5);
    expect(starts.filter((line) => !/beside [01]$/.test(line))).toEqual([]);
  });

  test('is not started beside a check of performance, nor such a check’s beside another', async () => {
    const two = { ...ANSWERS, kind: 'performance' as const };
    expect(await grade({ hidden: { one: ANSWERS, two, three: ANSWERS } })).toEqual(passed(3));
    const alone = (name: string) => ['start beside 0', `${name} has ended`];
    expect(log).toEqual([...alone('one'), ...alone('two'), ...alone('three')]);
  });

  test('is gone before a check compares, whatever kind it says it is', async () => {
    const compares = {
      code: `${waitFor('second')}
        await compare({ measure: async ({ http }) => { await http.get('/'); return 1; }, limit: () => 1, unit: 'x', message: 'No.' });`,
      timeoutMs: 30_000,
    };
    const hidden = { compares, two: ANSWERS };
    expect(await grade({ hidden }, { onServer: signAt(2, 'second') })).toEqual(passed(2));
    const windows = Array(4).fill('start beside 0');
    expect(log).toEqual([
      ...['start beside 0', 'start beside 1'],
      ...[...windows, 'compares has ended'],
      ...['start beside 0', 'two has ended'],
    ]);
  });

  test('is not started where checks start it themselves', async () => {
    const starts = { code: `await server.start(); ${ANSWERS.code}` };
    expect(await grade({ hidden: { one: starts, two: starts }, startedBy: 'check' })).toEqual(passed(2));
    expect(log).toEqual(['start beside 0', 'one has ended', 'start beside 0', 'two has ended']);
    expect(pods).toBe(1);
  });
});

/** A server that knows which of its grading's it is, as `n`, and runs `code` first. */
const numbered = (code: string) => `import fs from 'node:fs';
const take = (n) => {
  try { fs.writeFileSync(${JSON.stringify(folder)} + '/server-' + n, '', { flag: 'wx' }); return n; } catch { return take(n + 1); }
};
const n = take(1);
${code}
${GOOD_SERVER}`;

describe('a server that was started before its turn', () => {
  test('and has crashed before its check began is that check’s', async () => {
    const one = { code: waitFor('crashed') };
    const crashes = numbered(
      `const dies = () => { if (fs.existsSync(${JSON.stringify(sign('die'))})) throw new Error('too long'); };
       if (n === 2) setInterval(dies, 5);`,
    );
    const onServer = async (count: number) => {
      if (count === 2) void servers[1]?.exited.then(() => writeFile(sign('crashed'), ''));
    };
    const onPrepared = (name: string) => {
      if (name === 'two') void writeFile(sign('die'), '');
    };
    const found = await grade(
      { hidden: { one, two: ANSWERS, three: ANSWERS } },
      { onServer, onPrepared },
      crashes,
    );
    expect(existsSync(sign('die'))).toBe(true);
    expect(found).toEqual({
      reason: null,
      checks: [
        ['passed', null],
        ['crashed', 'Your server ended with exit code 1 during this check: Error: too long'],
        ['passed', null],
      ],
    });
  });

  test('and does not come up is that check’s; the second in a row ends the trying', async () => {
    const fails = numbered('if (n > 1) process.exit(3);');
    const hidden = { one: ANSWERS, two: ANSWERS, three: ANSWERS, four: ANSWERS };
    const { reason, checks } = await grade({ hidden }, {}, fails);
    const crashed = ['crashed', 'Your server ended with exit code 3 before it accepted connections.'];
    const skipped = ['skipped', 'Skipped, because your server did not come up 2 times in a row.'];
    expect({ reason, checks }).toEqual({
      reason: null,
      checks: [['passed', null], crashed, crashed, skipped],
    });
    expect(servers).toHaveLength(3);
  });

  test('is killed when the grading is stopped', async () => {
    const stop = new AbortController();
    const hidden = { one: { code: 'await new Promise(() => {});', timeoutMs: 60_000 }, two: ANSWERS };
    const onServer = (count: number) => {
      if (count === 2) stop.abort();
    };
    expect(await grade({ hidden }, { onServer }, GOOD_SERVER, stop.signal)).toEqual({
      reason: 'the grading was stopped before it ended',
      checks: [],
    });
    expect(await Promise.all(servers.map(async ({ exited }) => (await exited).cause))).toEqual([
      'killed',
      'killed',
    ]);
  });
});
