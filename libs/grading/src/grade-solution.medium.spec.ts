import type { TaskBundle } from '@assay/tasks';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ANSWERS, echoTask, GOOD_SERVER, serverFile } from '../test/echo-task.js';
import { createPlainNodeEngine } from '../test/plain-node-engine.js';
import { gradeSolution } from './grade-solution.js';
import type { GradingProgress } from './grading-result.js';

/** How a grading is run, on plain processes; what only a real sandbox can show is in
 * grade-solution.sandbox.spec.ts. */

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const grade = (bundle: TaskBundle, server = GOOD_SERVER, checks: 'hidden' | 'sample' = 'hidden') =>
  gradeSolution({ engine, bundle, files: serverFile(server), checks, seed: 'seed' });

const FAILS = { code: `assert.equal((await http.get('/')).text, 'no', 'GET / must answer no.');` };

describe('a grading', () => {
  test('gives each check its verdict, in order, and the share of the weight', async () => {
    const bundle = echoTask({ hidden: { one: { ...ANSWERS, weight: 2 }, two: FAILS } });
    const progress: GradingProgress[] = [];
    const result = await gradeSolution({
      engine,
      bundle,
      files: serverFile(`console.log('up');\n${GOOD_SERVER}`),
      checks: 'hidden',
      seed: 'seed',
      onProgress: (step) => progress.push(step),
    });
    const tags = { competency: 'rest', level: 'junior', kind: 'functional', ms: expect.any(Number) };
    expect(result).toEqual({
      task: 'echo',
      version: 1,
      seed: 'seed',
      engine: { engine: 'plain node', limits: 'none', guarantees: [], degraded: [] },
      outcome: 'completed',
      reason: null,
      score: 0.6667,
      checks: [
        { ...tags, name: 'one', weight: 2, verdict: 'passed', message: null, expected: null, actual: null },
        {
          ...tags,
          name: 'two',
          weight: 1,
          verdict: 'failed',
          message: 'GET / must answer no.',
          expected: 'no',
          actual: 'ok',
        },
      ],
      output: 'up\n',
    });
    expect(progress).toEqual([
      { index: 1, total: 2, name: 'one', verdict: 'passed' },
      { index: 2, total: 2, name: 'two', verdict: 'failed' },
    ]);
    expect(engine.openPods).toBe(0);
  });

  test('every check meets a fresh server and fresh modules', async () => {
    const counting = `import http from 'node:http';
let seen = 0;
http.createServer((request, response) => response.end(String(++seen))).listen(process.env.PORT, '127.0.0.1');
`;
    const first = { code: `globalThis.left = 1; assert.equal((await http.get('/')).text, '1');` };
    const second = {
      code: `assert.equal(globalThis.left, undefined); assert.equal((await http.get('/')).text, '1');`,
    };
    expect((await grade(echoTask({ hidden: { first, second } }), counting)).score).toBe(1);
  });

  test('a seed gives a check the same values again', async () => {
    const bundle = echoTask({
      hidden: { draws: { code: `assert.equal(random.digits(20), '', 'Drawn.');` } },
    });
    const [one, two] = [await grade(bundle), await grade(bundle)];
    expect(one.checks[0]?.actual).toMatch(/^\d{20}$/);
    expect(one.checks[0]?.actual).toBe(two.checks[0]?.actual);
  });

  test('what checks print does not reach the protocol', async () => {
    const code = `console.log('{"type":"result"}'); process.stdout.write('noise\\n'); ${ANSWERS.code}`;
    expect((await grade(echoTask({ hidden: { prints: { code } } }))).score).toBe(1);
  });

  test('a sample run never holds the hidden checks', async () => {
    const code = `const fs = await import('node:fs'); assert.deepEqual(fs.readdirSync('checks'), ['sample.mjs']);`;
    const bundle = echoTask({ sample: { looks: { code } }, hidden: { answers: ANSWERS } });
    expect((await grade(bundle, GOOD_SERVER, 'sample')).checks).toMatchObject([
      { name: 'looks', verdict: 'passed' },
    ]);
  });

  test('the server gets the documented environment and an ended stdin', async () => {
    const server = `import http from 'node:http';
const { PORT, PATH, ...rest } = process.env;
process.stdin.resume().on('end', () =>
  http.createServer((request, response) => response.end(JSON.stringify(rest))).listen(PORT, '127.0.0.1'));
`;
    const code = `assert.deepEqual((await http.get('/')).json(), {});`;
    expect((await grade(echoTask({ hidden: { env: { code } } }), server)).score).toBe(1);
  });
});

describe('checks that go wrong on an answer cost that check only', () => {
  const hidden = {
    'wrong-type': { code: `(await http.get('/')).json().items.map(String);` },
    'no-such-field': { code: `const { headers } = await http.get('/'); headers['x-none'].split(',');` },
    'floating-rejection': {
      code: `http.get('/').then(() => { throw new Error('late'); }); await new Promise(() => {});`,
    },
    'endless-loop': { code: `await http.get('/'); for (;;) {}`, timeoutMs: 300 },
    'never-settles': { code: `await new Promise(() => {});`, timeoutMs: 300 },
    answers: ANSWERS,
  };

  test('each with its sentence', async () => {
    const { checks, reason } = await grade(echoTask({ hidden }));
    expect(reason).toBeNull();
    expect(checks.map(({ name, verdict, message }) => [name, verdict, message])).toEqual([
      ['wrong-type', 'failed', 'The answer to GET / is not valid JSON.'],
      [
        'no-such-field',
        'failed',
        expect.stringMatching(/^The check could not make sense of your server's answer \(TypeError/),
      ],
      ['floating-rejection', 'failed', expect.stringMatching(/Error: late/)],
      ['endless-loop', 'timed_out', 'This check did not finish within 0.3 s.'],
      ['never-settles', 'timed_out', 'This check did not finish within 0.3 s.'],
      ['answers', 'passed', null],
    ]);
  });

  test('a check over its time says what it waited for', async () => {
    const silent = `import http from 'node:http';
http.createServer(() => {}).listen(process.env.PORT, '127.0.0.1');
`;
    const { checks } = await grade(echoTask({ hidden: { answers: { ...ANSWERS, timeoutMs: 300 } } }), silent);
    expect(checks[0]).toMatchObject({
      verdict: 'timed_out',
      message: 'This check did not finish within 0.3 s. It was waiting for the answer to GET /.',
    });
  });
});

describe('a server that does not come up', () => {
  const hidden = { one: ANSWERS, two: ANSWERS, three: ANSWERS, four: ANSWERS };

  test('twice in a row ends the trying', async () => {
    const before = engine.started.length;
    const { checks, score } = await grade(echoTask({ hidden }), `throw new Error('no config');`);
    const crashed = 'Your server ended with exit code 1 before it accepted connections: Error: no config';
    expect(checks.map(({ verdict, message }) => [verdict, message])).toEqual([
      ['crashed', crashed],
      ['crashed', crashed],
      ['skipped', 'Skipped, because your server did not come up 2 times in a row.'],
      ['skipped', 'Skipped, because your server did not come up 2 times in a row.'],
    ]);
    expect(score).toBe(0);
    expect(engine.started.length - before).toBe(3);
  });

  test('a server that never listens', async () => {
    const bundle = echoTask({ hidden: { one: ANSWERS }, startTimeoutMs: 300 });
    expect((await grade(bundle, `setInterval(() => {}, 1000);`)).checks[0]).toMatchObject({
      verdict: 'timed_out',
      // the plain engine gives every pod a port of its own
      message: expect.stringMatching(/^Your server did not listen on port \d+ within 0\.3 s\.$/),
    });
  });
});
