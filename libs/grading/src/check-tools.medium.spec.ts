import { afterAll, describe, expect, test } from '@jest/globals';
import { type CheckCode, echoTask, GOOD_SERVER, serverFile, type TaskShape } from '../test/echo-task.js';
import { createPlainNodeEngine } from '../test/plain-node-engine.js';
import { gradeSolution } from './grade-solution.js';

/** What checks can do with `server` and `solution`, on plain processes. */

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

/** Grades with a single check and gives its verdict and message. */
async function judge(check: CheckCode, solution = GOOD_SERVER, shape: Partial<TaskShape> = {}) {
  const bundle = echoTask({ hidden: { check }, startedBy: 'check', ...shape });
  const files = serverFile(solution);
  const result = await gradeSolution({ engine, bundle, files, checks: 'hidden', seed: 'seed' });
  if (result.reason !== null) throw new Error(result.reason);
  const [{ verdict, message } = { verdict: null, message: null }] = result.checks;
  return { verdict, message };
}

const PASSED = { verdict: 'passed', message: null };

/** Answers with its variables; ends cleanly on SIGTERM. */
const POLITE = `import http from 'node:http';
console.log('hello'); console.error('there');
const server = http.createServer((request, response) => response.end(JSON.stringify(process.env)));
server.listen(process.env.PORT, '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(3)));
`;

describe('server, when checks start it', () => {
  test('nothing runs before the check starts it', async () => {
    const before = engine.started.length;
    const code = `await assert.rejects(http.get('/'), /no longer accepted connections/);`;
    expect(await judge({ code })).toEqual(PASSED);
    expect(engine.started.length - before).toBe(1);
  });

  test('starts with variables, tells what it printed, restarts with others', async () => {
    const code = `
      await server.start({ env: { COLOUR: 'red' } });
      const { PORT, COLOUR } = (await http.get('/')).json();
      assert.ok(Number(PORT) > 0);
      assert.equal(COLOUR, 'red');
      assert.match(await server.output(), /hello\\n/);
      assert.match(await server.output(), /there\\n/);
      await server.restart({ env: { SIZE: '7' } });
      const { COLOUR: gone, SIZE } = (await http.get('/')).json();
      assert.deepEqual([gone, SIZE], [undefined, '7']);
      const { processes, threads, rssAnonBytes } = await server.usage();
      assert.ok(processes === 1 && threads > 1 && rssAnonBytes > 2 ** 20);`;
    expect(await judge({ code }, POLITE)).toEqual(PASSED);
  });

  test('a signal and an exit that the check asked for are the check’s to judge', async () => {
    const asked = `
      await server.start();
      assert.equal(await server.exit({ withinMs: 1 }), null);
      assert.equal(await server.signal('SIGTERM'), true);
      const exit = await server.exit({ withinMs: 5000 });
      assert.equal(await server.signal('SIGTERM'), false);`;
    const right = `${asked} assert.deepEqual(exit, { code: 3, signal: null });`;
    expect(await judge({ code: right }, POLITE)).toEqual(PASSED);
    const wrong = `${asked} assert.equal(exit.code, 0, 'It must exit with 0.');`;
    expect(await judge({ code: wrong }, POLITE)).toEqual({
      verdict: 'failed',
      message: 'It must exit with 0.',
    });
    const unhandled = `${asked} assert.deepEqual(exit, { code: null, signal: 'SIGTERM' });`;
    expect(await judge({ code: unhandled })).toEqual(PASSED);
  });

  test('a server that must not come up is the check’s to judge', async () => {
    const code = `
      await server.start({ env: { COLOUR: 'none' }, waitUntilListening: false });
      const { code } = await server.exit({ withinMs: 5000 });
      assert.notEqual(code, 0, 'Bad variables must end the server with an error.');
      assert.match(await server.output(), /COLOUR/);`;
    const strict = `if (process.env.COLOUR === 'none') throw new Error('COLOUR is wrong');\n${POLITE}`;
    expect(await judge({ code }, strict)).toEqual(PASSED);
    expect(await judge({ code }, `console.log('COLOUR?'); process.exitCode = 0;`)).toEqual({
      verdict: 'failed',
      message: 'Bad variables must end the server with an error.',
    });
  });

  test('one that does not come up, or crashes unasked, gets the verdict it would get otherwise', async () => {
    const code = `await server.start(); await http.get('/');`;
    expect(await judge({ code }, `throw new Error('no luck');`)).toEqual({
      verdict: 'crashed',
      message: 'Your server ended with exit code 1 before it accepted connections: Error: no luck',
    });
    const silent = await judge({ code }, `setInterval(() => {}, 1000);`, { startTimeoutMs: 300 });
    expect(silent.verdict).toBe('timed_out');
    expect(silent.message).toMatch(/^Your server did not listen on port \d+ within 0\.3 s\.$/);
    const dying = GOOD_SERVER.replace('response.end', 'process.exit(4) ?? response.end');
    expect(await judge({ code }, dying)).toEqual({
      verdict: 'crashed',
      message: 'Your server ended with exit code 4 during this check.',
    });
    // A restart does not hide what ended the first one.
    const hiding = `await server.start(); await http.get('/').catch(() => {}); await server.exit({ withinMs: 0 });
      await server.restart(); assert.fail('Not kept.');`;
    expect((await judge({ code: hiding }, dying)).verdict).toBe('failed');
  });

  test('a second start is the author’s mistake', async () => {
    const { message } = await judge({ code: `await server.start(); await server.start();` });
    expect(message).toMatch(/a server runs already/);
  });

  test('the gate’s and the candidate’s view: one that comes up in no check is not tried for ever', async () => {
    const start = { code: `await server.start();` };
    const bundle = echoTask({ hidden: { one: start, two: start, three: start }, startedBy: 'check' });
    const files = serverFile('process.exit(1)');
    const result = await gradeSolution({ engine, bundle, files, checks: 'hidden', seed: 'seed' });
    expect(result.checks.map(({ verdict }) => verdict)).toEqual(['crashed', 'crashed', 'skipped']);
  });
});

describe('server, started by the harness', () => {
  test('has the same tools, and is replaced by a restart', async () => {
    const code = `
      await http.get('/');
      await server.restart({ env: { SIZE: '7' } });
      assert.equal((await http.get('/')).json().SIZE, '7');
      await server.kill();
      assert.deepEqual(await server.exit({ withinMs: 0 }), { code: null, signal: 'SIGKILL' });
      await assert.rejects(http.get('/'), /no longer accepted connections/);`;
    expect(await judge({ code }, POLITE, { startedBy: 'harness' })).toEqual(PASSED);
  });
});

describe('solution', () => {
  test('is what was handed in, as data', async () => {
    const code = `
      assert.deepEqual(solution.paths, ['package.json', 'server.js']);
      assert.equal(JSON.parse(solution.read('package.json')).type, 'module');
      assert.equal(solution.read('../package.json'), null);
      assert.equal(solution.read('none.js'), null);`;
    expect(await judge({ code })).toEqual(PASSED);
  });
});

/** Answers after so many milliseconds, as the file says. */
const answering = (code: string) => `import http from 'node:http';
http.createServer(async (request, response) => { ${code}; response.end('ok'); }).listen(process.env.PORT, '127.0.0.1');
`;
const waiting = (ms: number) => answering(`await new Promise((resolve) => setTimeout(resolve, ${ms}))`);

describe('compare', () => {
  /** The reference takes 20 ms. */
  const shape = { startedBy: 'harness' as const, reference: waiting(20) };
  const measureOnce = `async ({ http }) => {
    const startMs = performance.now();
    await http.get('/', { timeoutMs: 1500 });
    return performance.now() - startMs;
  }`;
  const comparing = (measure: string, more = '') =>
    `await compare({ measure: ${measure}, limit: (ms) => 3 * ms + 25, unit: 'ms', message: 'It must be fast.' }); ${more}`;

  const gradeOne = (code: string, solution: string, more: Partial<TaskShape & CheckCode> = {}) => {
    const check = { code, timeoutMs: more.timeoutMs ?? 20_000 };
    const bundle = echoTask({ hidden: { check }, ...shape, ...more });
    return gradeSolution({ engine, bundle, files: serverFile(solution), checks: 'hidden', seed: 'seed' });
  };

  test('runs reference, candidate, candidate, reference, and nothing is left running', async () => {
    const before = engine.started.length;
    const code = comparing(measureOnce, `await assert.rejects(http.get('/'), /no longer accepted/);`);
    expect((await gradeOne(code, waiting(20))).checks).toMatchObject([{ verdict: 'passed', message: null }]);
    const apps = engine.started.slice(before).filter(({ part }) => part === 'candidate');
    const folders = apps.map(({ mounts }) => mounts['/app']?.hostPath);
    const [candidate, reference] = folders;
    expect(folders).toEqual([candidate, reference, candidate, candidate, reference]);
    expect(reference).not.toBe(candidate);
  });

  test('a slow candidate sees what was expected and what was measured', async () => {
    const { checks } = await gradeOne(comparing(measureOnce), waiting(400));
    expect(checks[0]).toMatchObject({ verdict: 'failed', message: 'It must be fast.' });
    expect(checks[0]?.expected).toMatch(/^at most \d+(\.\d+)? ms, from the reference's \d+(\.\d+)? ms$/);
    expect(checks[0]?.actual).toMatch(/^\d{3,} ms$/);
  });

  test('one that is too slow to answer, or to be measured at all, fails the same way', async () => {
    const expected = expect.stringMatching(/^at most /);
    const slow = await gradeOne(comparing(measureOnce), waiting(60_000));
    expect(slow.checks[0]).toMatchObject({
      verdict: 'failed',
      message: 'It must be fast.',
      expected,
      actual: 'Your server did not finish answering GET / within 1.5 s.',
    });
    const patient = comparing(measureOnce.replace('1500', '60_000'));
    const endless = await gradeOne(patient, waiting(60_000), { timeoutMs: 4_000 });
    expect(endless.checks[0]).toMatchObject({
      verdict: 'failed',
      expected,
      actual: expect.stringMatching(/^no result within \d(\.\d)? s$/),
    });
  });

  test('an assertion or a crash in a window of the candidate’s is the candidate’s', async () => {
    const strict = `async ({ http }) => { assert.equal((await http.get('/')).text, 'ok', 'It must be right.'); return 1; }`;
    const wrong = await gradeOne(comparing(strict), answering(`return response.end('no')`));
    expect(wrong.checks).toMatchObject([{ verdict: 'failed', message: 'It must be right.', actual: 'no' }]);
    const careless = `async ({ load }) => (await load.openLoop({ perSecond: 20, seconds: 0.2, request: () => ({ method: 'GET', path: '/' }) })).errors`;
    const dead = await gradeOne(comparing(careless), answering('process.exit(5)'));
    expect(dead.checks).toMatchObject([
      { verdict: 'crashed', message: 'Your server ended with exit code 5 during this check.' },
    ]);
  });

  test('what goes wrong while the reference runs is ours', async () => {
    const { reason } = await gradeOne(comparing(measureOnce), waiting(0), {
      reference: answering('process.exit(1)'),
    });
    expect(reason).toMatch(/^the check ended while the reference ran: .*GET \//);
    const hangs = await gradeOne(comparing(measureOnce.replace('1500', '60_000')), waiting(0), {
      reference: waiting(60_000),
      timeoutMs: 1_000,
    });
    expect(hangs.reason).toMatch(
      /^the check ended while the reference ran: This check did not finish within 1 s/,
    );
    const never = await gradeOne(comparing(measureOnce), waiting(0), {
      reference: 'setInterval(() => {}, 1000);',
      startTimeoutMs: 500,
    });
    expect(never.reason).toMatch(/^the check ended while the reference ran: Your server did not listen/);
    const odd = await gradeOne(comparing('async () => undefined'), waiting(0));
    expect(odd.reason).toMatch(/^the check ended while the reference ran: .*measure must give a number/);
  });

  test('a machine too noisy to tell is ours, after three rounds', async () => {
    const before = engine.started.length;
    // Windows of the reference 10 and 20, in turn; the candidate's 35 passes one and not the other.
    const noisy = `(() => { let n = 0; return async ({ http }) => {
      const isReference = (await http.get('/')).text === 'reference';
      return isReference ? 10 * (1 + (n++ % 2)) : 35; }; })()`;
    const code = `await compare({ measure: ${noisy}, limit: (x) => 2 * x, unit: 'x', message: 'No.' });`;
    const { reason } = await gradeOne(code, answering(''), {
      reference: answering(`return response.end('reference')`),
    });
    expect(reason).toBe(
      'the machine was too noisy to compare (reference 10 x, 20 x, 10 x, 20 x, 10 x, 20 x; candidate 35 x, 35 x, 35 x, 35 x, 35 x, 35 x)',
    );
    expect(engine.started.length - before).toBe(2 + 12);
  });

  test('checks that start their servers compare as well, with variables', async () => {
    const code = `
      await server.start();
      await compare({
        measure: async ({ http, server }) => {
          assert.equal((await http.get('/')).json().SIZE, '7');
          const startMs = performance.now();
          await server.signal('SIGTERM');
          assert.deepEqual(await server.exit({ withinMs: 5000 }), { code: 3, signal: null });
          return performance.now() - startMs;
        },
        limit: (ms) => ms + 3000, unit: 'ms', message: 'It must end.', env: { SIZE: '7' },
      });`;
    const result = await gradeOne(code, POLITE, { startedBy: 'check', reference: POLITE });
    expect(result).toMatchObject({ reason: null, score: 1 });
  });
});
