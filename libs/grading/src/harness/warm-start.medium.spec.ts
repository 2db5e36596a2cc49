import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

/** A program that is started warm, beside the same started plainly: nobody can tell. */

const WARM_START = join(import.meta.dirname, '../../dist/in-sandbox/candidate/warm-start.js');
const CONTROL_FD = 5;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-warm-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  stdout: string;
  stderr: string;
  code: number | null;
  signal: string | null;
}

/** `signal`: sent once it has printed something. */
async function run(file: string, isWarm: boolean, signal?: NodeJS.Signals): Promise<Ended> {
  const flags = ['--max-old-space-size=100'];
  const program = [file, 'one', 'two'];
  const child = spawn(process.execPath, [...flags, ...(isWarm ? [WARM_START, 'not-there'] : program)], {
    cwd: folder,
    env: { PATH: '/usr/bin', PORT: '3000', ...(!isWarm && { COLOUR: 'red' }) },
    stdio: ['pipe', 'pipe', 'pipe', 'ignore', 'ignore', isWarm ? 'pipe' : 'ignore'],
  });
  child.stdin?.end();
  const control = (child.stdio as unknown[])[CONTROL_FD] as Duplex | null; // as spawned
  control?.once('data', () => control.end(JSON.stringify({ program, env: { COLOUR: 'red' } })));
  if (signal) child.stdout?.once('data', () => child.kill(signal));
  const ended = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => {
    child.once('close', (code, name) => resolve({ code, signal: name }));
  });
  const [stdout, stderr, end] = await Promise.all([
    text(child.stdout as Duplex),
    text(child.stderr as Duplex),
    ended,
  ]);
  // The frames below a program are Node's own, and other ones.
  return { stdout, stderr: stderr.replaceAll(/^ +at .*node:internal.*\n/gm, ''), ...end };
}

/** How it ends when it is started warm, after seeing that it does so plainly. */
async function alike(file: string, source: string, signal?: NodeJS.Signals): Promise<Ended> {
  await writeFile(join(folder, file), source);
  const [plain, warm] = await Promise.all([run(file, false, signal), run(file, true, signal)]);
  expect(warm).toEqual(plain);
  return warm;
}

const SURROUNDINGS = `
  const say = async () => console.log(JSON.stringify({
    argv: process.argv, argv0: process.argv0, execArgv: process.execArgv, title: process.title, cwd: process.cwd(),
    env: Object.entries(process.env).sort(),
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    handles: process._getActiveHandles().length, requests: process._getActiveRequests().length,
    descriptors: [3, 5].map((fd) => { try { return require('node:fs').fstatSync(fd).isSocket(); } catch { return 'closed'; } }).map((is) => is === true),
    stdin: await new Promise((resolve) => process.stdin.on('data', () => {}).on('end', () => resolve('ended'))),
    exitCode: process.exitCode,
  }));`;

describe('a program that is started warm', () => {
  test('as CommonJS finds what it would find', async () => {
    const { stdout, code } = await alike(
      'surroundings.cjs',
      `${SURROUNDINGS}
       console.log(require.main === module, module.id, module.parent, module.paths, module.children.length,
         Object.keys(require.cache), process.mainModule === module, __filename);
       say();`,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('"stdin":"ended"') });
  });

  test('as an ES module finds what it would find', async () => {
    const { stdout } = await alike(
      'surroundings.mjs',
      `import { createRequire } from 'node:module';
       import { argv } from 'node:process';
       const require = createRequire(import.meta.url);
       ${SURROUNDINGS}
       console.log(import.meta.url, argv.length, process.mainModule, Object.keys(require.cache));
       await new Promise((resolve) => setTimeout(resolve, 10));
       await say();`,
    );
    expect(stdout).toContain('"stdin":"ended"');
  });

  test.each<[string, string, string, Partial<Ended>]>([
    ['throws at once', 'throws.mjs', `throw new Error('early');`, { code: 1 }],
    ['throws later', 'later.cjs', `setTimeout(() => { throw new Error('late'); });`, { code: 1 }],
    ['leaves a rejection unhandled', 'rejects.cjs', `Promise.reject(new Error('no'));`, { code: 1 }],
    ['exits', 'exits.cjs', `process.on('exit', (code) => console.log(code)); process.exit(7);`, { code: 7 }],
    [
      'has nothing more to do',
      'ends.cjs',
      `process.on('beforeExit', () => console.log('before'));`,
      { code: 0 },
    ],
    ['never gets over its top level', 'awaits.mjs', 'await new Promise(() => {});', { code: 13 }],
    ['sets its exit code', 'exit-code.cjs', `process.exitCode = 4;`, { code: 4 }],
    ['has a mistake of syntax', 'syntax.mjs', 'const = 1;', { code: 1 }],
    [
      'handles what nobody caught',
      'handles.cjs',
      `process.on('uncaughtException', (error, origin) => console.log(error.message, origin));
       process.on('unhandledRejection', (error) => console.log(error.message));
       Promise.reject(new Error('one')); throw new Error('two');`,
      { code: 0, stdout: 'two uncaughtException\none\n' },
    ],
    [
      'runs ticks before promises',
      'order.cjs',
      `Promise.resolve().then(() => console.log('promise')); process.nextTick(() => console.log('tick')); console.log('main');`,
      { stdout: 'main\ntick\npromise\n' },
    ],
    [
      'has children, none of which is us',
      'children.cjs',
      `const { fork } = require('node:child_process'); const cluster = require('node:cluster');
       const { Worker, isMainThread } = require('node:worker_threads');
       if (process.argv[2] === 'child') { console.log('fork', process.argv.slice(2), process.execArgv); }
       else if (!isMainThread) { console.log('thread', process.argv.length, process.execArgv); }
       else if (cluster.isWorker) { console.log('worker', process.argv.slice(2)); process.exit(); }
       else {
         const after = (child) => new Promise((resolve) => child.on('exit', resolve));
         after(fork(__filename, ['child'])).then(() => after(new Worker(__filename))).then(() => after(cluster.fork()));
       }`,
      { code: 0 },
    ],
  ])('%s', async (_what, file, source, expected) => {
    expect(await alike(file, source)).toMatchObject(expected);
  });

  test('that listens and prints finds all of Node that it needs loaded', async () => {
    await writeFile(
      join(folder, 'listens.mjs'),
      `const before = new Set(process.moduleLoadList);
       const { createServer } = await import('node:http');
       await import('node:timers/promises');
       const server = createServer().listen(0, '127.0.0.1', () => {
         console.log('up');
         console.log(JSON.stringify(process.moduleLoadList.filter((name) => name.startsWith('NativeModule') && !before.has(name))));
         server.close();
       });`,
    );
    expect((await run('listens.mjs', true)).stdout).toBe('up\n[]\n');
  });

  test('has threads whose heap is as large as it would be', async () => {
    const { stdout } = await alike(
      'heap.cjs',
      `const { Worker } = require('node:worker_threads'), v8 = require('node:v8');
       const limitMb = () => Math.round(v8.getHeapStatistics().heap_size_limit / 2 ** 20);
       console.log(limitMb());
       new Worker('require("node:worker_threads").parentPort.postMessage(require("node:v8").getHeapStatistics().heap_size_limit)', { eval: true })
         .on('message', (bytes) => console.log(Math.round(bytes / 2 ** 20)));`,
    );
    expect(stdout).toMatch(/^1\d\d\n1\d\d\n$/);
  });

  test('that is not there fails as it would', async () => {
    const [plain, warm] = await Promise.all([run('nowhere.js', false), run('nowhere.js', true)]);
    expect(warm).toEqual(plain);
    expect(warm).toMatchObject({ code: 1, stderr: expect.stringContaining('Cannot find module') });
  });

  test.each<[NodeJS.Signals, string, Partial<Ended>]>([
    ['SIGTERM', '', { signal: 'SIGTERM' }],
    ['SIGTERM', `process.on('SIGTERM', () => process.exit(5));`, { code: 5 }],
    ['SIGINT', '', { signal: 'SIGINT' }],
  ])('hears %s as it would', async (signal, handler, expected) => {
    const source = `${handler} console.log('up'); setInterval(() => {}, 1000);`;
    expect(await alike('signals.cjs', source, signal)).toMatchObject(expected);
  });
});
