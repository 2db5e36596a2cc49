import {
  type Container,
  EngineUnavailable,
  type Pod,
  type SandboxEngine,
  SandboxError,
} from '@assay/sandbox';
import type { TaskBundle } from '@assay/tasks';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ANSWERS, echoTask, GOOD_SERVER, serverFile } from '../test/echo-task.js';
import { createPlainNodeEngine } from '../test/plain-node-engine.js';
import { gradeSolution } from './grade-solution.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

describe('our own failures never become verdicts', () => {
  const answers = { answers: ANSWERS };

  async function reasonFor(bundle: TaskBundle, using: SandboxEngine = engine): Promise<string | null> {
    const failures: unknown[] = [];
    const result = await gradeSolution({
      engine: using,
      bundle,
      files: serverFile(GOOD_SERVER),
      checks: 'hidden',
      seed: '',
      onPlatformFailure: (error) => failures.push(error),
    });
    expect(result).toMatchObject({ outcome: 'platform_failure', score: null, checks: [], output: '' });
    // Once, with a stack for the log.
    expect(failures).toEqual([expect.objectContaining({ stack: expect.stringContaining('at ') })]);
    return result.reason;
  }

  /** The plain engine with a part of it replaced. */
  const engineWith = (change: (pod: Pod) => Partial<Pod>): SandboxEngine => ({
    ...engine,
    openPod: async () => {
      const pod = await engine.openPod();
      return { ...pod, ...change(pod) };
    },
  });

  const checksPlay = (program: string) =>
    engineWith((pod) => ({
      start: (spec) =>
        pod.start(spec.part === 'checks' ? { ...spec, command: ['/usr/bin/node', '-e', program] } : spec),
    }));

  test.each<[string, string, RegExp]>([
    ['does not load', 'export default {', /^the checks are broken: .*SyntaxError/s],
    ['throws while loading', `throw new Error('author');`, /^the checks are broken: .*author/s],
    ['exports no checks', 'export const a = 1;', /no default export that maps names to functions/],
    ['exports something else', 'export default { answers: 1 };', /the check answers is not a function/],
    ['lacks a check', 'export default {};', /disagree on the checks: only task.yaml has answers$/],
    [
      'has an undeclared check',
      'export default { answers() {}, more() {} };',
      /disagree on the checks: only checks\/hidden.mjs has more$/,
    ],
    [
      'ends its process',
      'export default { answers() { process.exit(0); } };',
      /the check's thread ended with 0/,
    ],
    [
      'hoards memory',
      'export default { answers() { const hoard = []; for (;;) hoard.push({ hoard: [...hoard] }); } };',
      /^the checks are broken: .*ERR_WORKER_OUT_OF_MEMORY/s,
    ],
  ])('a check file that %s', async (_what, hiddenFile, reason) => {
    expect(await reasonFor(echoTask({ hidden: answers, hiddenFile }))).toMatch(reason);
  });

  test.each<[string, string, RegExp]>([
    ['dies', `console.error('oops'); process.exit(3)`, /^the checks process ended \(exited, 3\): oops/],
    [
      'does not keep to the protocol',
      `console.log('passed')`,
      /^the checks process (broke its protocol: passed|ended)/,
    ],
    [
      'answers unasked',
      `console.log('{"type":"ready","checks":["answers"]}'); console.log('{"type":"ready","checks":[]}'); setTimeout(() => {}, 9e5)`,
      /sent ready without being asked/,
    ],
    [
      'sends a line without end',
      `process.stdout.write('x'.repeat(1e5)); setTimeout(() => {}, 9e5)`,
      /a line without end/,
    ],
    [
      'answers for another check',
      `console.log('{"type":"ready","checks":["answers"]}'); process.stdin.on('data', () => console.log('{"type":"result","name":"b","verdict":"passed","message":null,"expected":null,"actual":null,"ms":1,"connectionLost":false,"cameUp":true}'))`,
      /answered b when asked for answers/,
    ],
  ])('a checks process that %s', async (_what, program, reason) => {
    expect(await reasonFor(echoTask({ hidden: answers }), checksPlay(program))).toMatch(reason);
  });

  test('an engine that cannot be trusted', async () => {
    const selfTest = () => Promise.reject(new EngineUnavailable(['no cgroup: mount one']));
    expect(await reasonFor(echoTask({ hidden: answers }), { ...engine, selfTest })).toBe(
      'the sandbox cannot be trusted on this machine: no cgroup: mount one',
    );
  });

  test.each<[string, SandboxEngine]>([
    ['pod', { ...engine, openPod: () => Promise.reject(new SandboxError('no slot')) }],
    ['container', engineWith(() => ({ start: () => Promise.reject(new SandboxError('no slot')) }))],
    ['folder', engineWith(() => ({ addFiles: () => Promise.reject(new SandboxError('no slot')) }))],
  ])('a %s that cannot be had', async (_what, using) => {
    expect(await reasonFor(echoTask({ hidden: answers }), using)).toBe('no slot');
    expect(engine.openPods).toBe(0);
  });

  test('a mistake of ours in the middle', async () => {
    const result = await gradeSolution({
      engine,
      bundle: echoTask({ hidden: answers }),
      files: serverFile(GOOD_SERVER),
      checks: 'hidden',
      seed: '',
      onProgress: () => {
        throw new TypeError('a bug');
      },
    });
    expect(result).toMatchObject({ outcome: 'platform_failure', reason: 'a bug', checks: [] });
    expect(engine.openPods).toBe(0);
  });

  test('being stopped, before and in the middle', async () => {
    const stop = new AbortController();
    const request = {
      bundle: echoTask({ hidden: { waits: { code: `await new Promise(() => {});`, timeoutMs: 60_000 } } }),
      files: serverFile(GOOD_SERVER),
      checks: 'hidden' as const,
      seed: '',
      signal: stop.signal,
    };
    const servers: Promise<Container>[] = [];
    const watched = engineWith((pod) => ({
      start: async (spec) => {
        const container = pod.start(spec);
        if (spec.part === 'candidate') servers.push(container);
        if (servers.length === 1) stop.abort();
        return container;
      },
    }));
    const expected = {
      outcome: 'platform_failure',
      reason: 'the grading was stopped before it ended',
      checks: [],
    };
    expect(await gradeSolution({ ...request, engine: watched })).toMatchObject(expected);
    expect((await (await servers[0])?.exited)?.cause).toBe('killed');
    expect(await gradeSolution({ ...request, engine: watched })).toMatchObject(expected);
    expect(engine.openPods).toBe(0);
  });
});
