import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxEngine, type SandboxEngine } from '@assay/sandbox';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { echoTask, moduleFile, serverFile, type TaskShape } from '../test/echo-task.js';
import { gradeSolution } from './grade-solution.js';

/** The tools of checks against real sandboxes: what only their walls, and the host's view of them, can show. */

const MIB = 1024 * 1024;

let home: string;
let engine: SandboxEngine;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-tools-'));
  await chmod(home, 0o755); // the sandbox's user must be able to pass
  const runtimePackages = join(import.meta.dirname, '../../../content/runtime/node_modules');
  engine = createSandboxEngine({ home, runtimePackages });
  await engine.selfTest();
}, 120_000);

afterAll(async () => {
  await engine.close();
  await rm(home, { recursive: true, force: true });
});

/** Grades with one check; gives its verdict and texts. */
async function judge(code: string, solution: string, shape: Partial<TaskShape> = {}) {
  const bundle = echoTask({ hidden: { check: { code, timeoutMs: 30_000 } }, startedBy: 'check', ...shape });
  const files = shape.mode === 'function' ? moduleFile(solution) : serverFile(solution);
  const result = await gradeSolution({ engine, bundle, files, checks: 'hidden', seed: 'seed' });
  if (result.reason !== null) throw new Error(result.reason);
  const [{ verdict, message, expected, actual } = { verdict: null }] = result.checks;
  return { verdict, message, expected, actual };
}

const PASSED = { verdict: 'passed', message: null, expected: null, actual: null };

/** A server whose handler runs `code` before it answers. */
const handling = (code: string, head = '') => `import http from 'node:http';
${head}
const server = http.createServer(async (request, response) => { ${code}; response.end('ok'); });
server.listen(process.env.PORT, '127.0.0.1');
`;

describe('server', () => {
  test('drains on SIGTERM, restarts, and shows how it ended', async () => {
    const slow = `console.log('taken'); await new Promise((resolve) => setTimeout(resolve, 300))`;
    const code = `
      await server.start();
      const slow = http.get('/');
      while (!(await server.output()).includes('taken')) await new Promise(setImmediate);
      assert.equal(await server.signal('SIGTERM'), true);
      assert.equal((await slow).text, 'ok', 'A request that was accepted must be answered.');
      assert.deepEqual(await server.exit({ withinMs: 5000 }), { code: 0, signal: null });
      await server.restart();
      assert.equal((await http.get('/')).text, 'ok');
      await server.kill();
      assert.deepEqual(await server.exit({ withinMs: 0 }), { code: null, signal: 'SIGKILL' });`;
    const draining = handling(slow, `process.on('SIGTERM', () => server.close(() => process.exit(0)));`);
    expect(await judge(code, draining)).toEqual(PASSED);
    expect(await judge(code, handling(slow))).toMatchObject({
      verdict: 'failed',
      message: 'Your server closed the connection without an answer to GET /.',
    });
  });

  test('nothing survives a restart: neither files nor processes', async () => {
    const leaving = handling(
      `const { readdirSync, writeFileSync } = await import('node:fs');
       const { spawn } = await import('node:child_process');
       const pids = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length;
       response.write(JSON.stringify([readdirSync('/tmp'), pids]));
       writeFileSync('/tmp/left', '');
       spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' }).unref();
       return response.end()`,
    );
    const code = `
      await server.start();
      const first = (await http.get('/')).text;
      await server.restart();
      assert.equal((await http.get('/')).text, first);
      assert.match(first, /^\\[\\[\\],/);`;
    expect(await judge(code, leaving)).toEqual(PASSED);
  });

  test('its memory and threads are seen from outside', async () => {
    const growing = handling(`globalThis.held = Buffer.alloc(${32 * MIB}).fill(1)`);
    const code = `
      await server.start();
      const before = await server.usage();
      await http.get('/');
      const { rssAnonBytes, processes, threads } = await server.usage();
      const grownMib = (rssAnonBytes - before.rssAnonBytes) / 2 ** 20;
      assert.ok(grownMib > 30 && grownMib < 45, 'grown by ' + grownMib);
      assert.ok(processes === 1 && threads > 1);`;
    expect(await judge(code, growing)).toEqual(PASSED);
  });
});

describe('http.open', () => {
  const echo = (append: string) => handling(`let text = ''; ${append}; response.end(text); return`);
  const code = `
    await server.start();
    const [first, second] = [Buffer.from([0xc3]), Buffer.from([0xa9])];
    const exchange = http.open({ method: 'POST', path: '/' });
    await exchange.write(first);
    await exchange.write(second);
    await exchange.end();
    assert.equal((await exchange.answer).text, 'é', 'A character may come in two parts.');`;

  test('shows whether a server puts characters together again', async () => {
    const right = `request.setEncoding('utf8'); for await (const part of request) text += part`;
    expect(await judge(code, echo(right))).toEqual(PASSED);
    const wrong = `for await (const part of request) text += part.toString()`;
    expect(await judge(code, echo(wrong))).toMatchObject({
      verdict: 'failed',
      expected: 'é',
      actual: '\ufffd\ufffd',
    });
  });
});

test('solution is data in the checks container, which the server cannot see', async () => {
  const code = `
    await server.start();
    assert.equal(solution.read('server.js').includes('secret of mine'), true);
    assert.equal((await http.get('/')).text, 'false');`;
  const looking = handling(`return response.end(String((await import('node:fs')).existsSync('/solution')))`);
  expect(await judge(code, `// secret of mine\n${looking}`)).toEqual(PASSED);
});

describe('compare', () => {
  const waiting = (ms: number) => handling(`await new Promise((resolve) => setTimeout(resolve, ${ms}))`);
  const timed = `async ({ http }) => { const t = performance.now(); await http.get('/', { timeoutMs: 2000 }); return performance.now() - t; }`;
  const code = `await compare({ measure: ${timed}, limit: (ms) => 3 * ms + 25, unit: 'ms', message: 'It must be fast.' });`;

  test('passes a candidate like the reference, fails a slow one with both figures', async () => {
    expect(await judge(code, waiting(20), { reference: waiting(20) })).toEqual(PASSED);
    const slow = await judge(code, waiting(600), { reference: waiting(20) });
    expect(slow).toMatchObject({ verdict: 'failed', message: 'It must be fast.' });
    expect(slow.expected).toMatch(/^at most [\d.]+ ms, from the reference's [\d.]+ ms$/);
    expect(slow.actual).toMatch(/^\d{3,} ms$/);
    const stuck = await judge(code, waiting(60_000), { reference: waiting(20) });
    expect(stuck).toMatchObject({
      verdict: 'failed',
      actual: 'Your server did not finish answering GET / within 2 s.',
    });
  });

  test('one that would pass its requests on to the reference finds nobody, in any window', async () => {
    // Leaves a process behind that would listen when the candidate is gone, and says who listens now.
    const listeners = `import { readFileSync } from 'node:fs';
      import { spawn } from 'node:child_process';
      const listening = () => ['tcp', 'tcp6'].flatMap((table) => readFileSync('/proc/net/' + table, 'utf8').split('\\n')
        .filter((line) => / 0A /.test(line)).map((line) => parseInt(line.trim().split(/\\s+/)[1].split(':')[1], 16)));`;
    const says = `return response.end(JSON.stringify(listening()))`;
    const lurking = `spawn(process.execPath, ['-e', "require('net').createServer().listen(3001)"], { detached: true, stdio: 'ignore' }).unref();
      while (!listening().includes(3001)) await new Promise((resolve) => setTimeout(resolve, 10));`;
    const looking = `
      const seen = [];
      await compare({
        measure: async ({ http }) => { seen.push((await http.get('/')).text); return 1; },
        limit: () => 1, unit: 'x', message: 'No.',
      });
      assert.deepEqual(seen, ['[3000]', '[3000,3001]', '[3000,3001]', '[3000]']);`;
    expect(
      await judge(looking, handling(says, `${listeners}\n${lurking}`), {
        reference: handling(says, listeners),
      }),
    ).toEqual(PASSED);
  });

  test('measures modules, and counts a process that dies as the candidate’s', async () => {
    const taking = (ms: number) =>
      `export const work = () => new Promise((resolve) => setTimeout(resolve, ${ms}));`;
    const calls = code.replace(
      timed,
      `async ({ module }) => { const t = performance.now(); await module.call('work'); return performance.now() - t; }`,
    );
    const shape = { mode: 'function' as const, reference: taking(20) };
    expect(await judge(calls, taking(20), shape)).toEqual(PASSED);
    expect(await judge(calls, taking(600), shape)).toMatchObject({
      verdict: 'failed',
      message: 'It must be fast.',
    });
    const hoarding = `export const work = () => { const hoard = []; for (;;) hoard.push(Buffer.alloc(1 << 20, 1)); };`;
    expect(await judge(calls, hoarding, shape)).toMatchObject({
      verdict: 'memory_exceeded',
      message: 'Your module used more than 128 MB of memory and was stopped.',
    });
  });
});
