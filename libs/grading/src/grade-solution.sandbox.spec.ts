import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxEngine, type SandboxEngine } from '@assay/sandbox';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ANSWERS, echoTask, GOOD_SERVER, moduleFile, serverFile, type TaskShape } from '../test/echo-task.js';
import { gradeSolution } from './grade-solution.js';
import type { GradingResult } from './grading-result.js';

/** Hostile and broken solutions in the real sandbox: each gets the verdict it has earned, and no other. */

const packages = join(import.meta.dirname, '../../../content/runtime/node_modules');
let home: string;
let engine: SandboxEngine;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-grading-'));
  await chmod(home, 0o755); // the sandbox's user must be able to pass
  engine = createSandboxEngine({ home, runtimePackages: packages });
  await engine.selfTest();
}, 120_000);

afterAll(async () => {
  await engine.close();
  await rm(home, { recursive: true, force: true });
});

const grade = (server: string, shape: Partial<TaskShape> = {}): Promise<GradingResult> =>
  gradeSolution({
    engine,
    bundle: echoTask({ hidden: { answers: ANSWERS }, ...shape }),
    files: serverFile(server),
    checks: 'hidden',
    seed: 'seed',
  });

const verdicts = ({ reason, checks }: GradingResult) => ({
  reason,
  checks: checks.map(({ verdict, message }) => [verdict, message]),
});

/** A server whose handler runs `code` before it answers. */
const handling = (code: string) => `import http from 'node:http';
http.createServer(async (request, response) => { ${code}; response.end('ok'); }).listen(process.env.PORT, '127.0.0.1');
`;

describe('honest solutions', () => {
  test('pass, with the vendored packages at hand', async () => {
    const express = `import express from 'express';
express().get('/', (request, response) => response.type('text').send('ok')).listen(process.env.PORT, '127.0.0.1');
`;
    const result = await grade(express);
    expect(result).toMatchObject({ outcome: 'completed', reason: null, score: 1 });
    expect(result.engine?.engine).toMatch(/^bubblewrap /);
  });

  test('a collectable heap stays below the memory limit', async () => {
    const churning = handling(`for (let n = 0; n < 2e6; n++) globalThis.last = { n, text: 'x' + n }`);
    expect((await grade(churning)).score).toBe(1);
  });
});

const MARK = 'THE-HIDDEN-MARK';
const EATS_BUFFERS = `const hoard = []; for (;;) hoard.push(Buffer.alloc(1 << 20, 1))`;

/** Waits for each write: a loop that does not would only fill its own memory with what it has not sent. */
const FLOODS = (stream: 'stdout' | 'stderr') =>
  `const flood = () => process.${stream}.write('x'.repeat(1000), flood); flood();`;

describe('broken solutions', () => {
  test.each<[string, string, Partial<TaskShape>, string, string | RegExp]>([
    [
      'dies at start',
      `throw new Error('no database');`,
      {},
      'crashed',
      'Your server ended with exit code 1 before it accepted connections: Error: no database',
    ],
    [
      'does not parse',
      'const = 1;',
      {},
      'crashed',
      /^Your server ended with exit code 1 before it accepted connections: SyntaxError: /,
    ],
    [
      'dies in a request',
      handling(`setImmediate(() => { throw new TypeError('no body') }); await new Promise(() => {})`),
      {},
      'crashed',
      'Your server ended with exit code 1 during this check: TypeError: no body',
    ],
    [
      'hangs in a request',
      handling('await new Promise(() => {})'),
      { hidden: { answers: { ...ANSWERS, timeoutMs: 300 } } },
      'timed_out',
      'This check did not finish within 0.3 s. It was waiting for the answer to GET /.',
    ],
    [
      'spins',
      handling('for (;;) {}'),
      { hidden: { answers: { ...ANSWERS, timeoutMs: 300 } } },
      'timed_out',
      'This check did not finish within 0.3 s. It was waiting for the answer to GET /.',
    ],
    [
      'never listens',
      'setInterval(() => {}, 1000);',
      { startTimeoutMs: 500 },
      'timed_out',
      'Your server did not listen on port 3000 within 0.5 s.',
    ],
    [
      'listens on another port',
      `import http from 'node:http'; http.createServer().listen(3001);`,
      { startTimeoutMs: 500 },
      'timed_out',
      'Your server did not listen on port 3000 within 0.5 s.',
    ],
    [
      'floods stdout at start',
      FLOODS('stdout'),
      {},
      'output_exceeded',
      'Your server printed more than 256 KB and was stopped.',
    ],
    [
      'floods stderr in a request',
      handling(`${FLOODS('stderr')}; await new Promise(() => {})`),
      {},
      'output_exceeded',
      'Your server printed more than 256 KB and was stopped.',
    ],
    [
      'eats memory',
      handling(EATS_BUFFERS),
      {},
      'memory_exceeded',
      'Your server used more than 128 MB of memory and was stopped.',
    ],
    [
      'lets a child eat memory',
      `import { spawnSync } from 'node:child_process';\n${handling(
        `spawnSync(process.execPath, ['-e', ${JSON.stringify(EATS_BUFFERS)}]); response.statusCode = 500; return response.end()`,
      )}`,
      {},
      'memory_exceeded',
      'Your server used more than 128 MB of memory and was stopped.',
    ],
    [
      'fills the heap',
      handling(`const hoard = []; for (let n = 0; ; n++) hoard.push({ n })`),
      { hidden: { answers: { code: `await http.get('/', { timeoutMs: 25_000 });`, timeoutMs: 30_000 } } },
      'crashed',
      /^Your server ended .* during this check: FATAL ERROR: .*heap/,
    ],
  ])('%s', async (_what, server, shape, verdict, message) => {
    expect(verdicts(await grade(server, shape))).toEqual({
      reason: null,
      checks: [[verdict, typeof message === 'string' ? message : expect.stringMatching(message)]],
    });
  });

  test('one that fills its own backlog does not hang the grading', async () => {
    // Blocks after its own connections were sent and before its event loop could accept one.
    const full = `import net from 'node:net';
net.createServer().listen({ port: 3000, host: '127.0.0.1', backlog: 1 }, () => {
  for (let n = 0; n < 8; n++) net.connect(3000, '127.0.0.1');
  process.nextTick(() => process.nextTick(() => { for (;;); }));
});
`;
    const hidden = { answers: { ...ANSWERS, timeoutMs: 500 } };
    const result = await grade(full, { hidden, startTimeoutMs: 500 });
    // It listens for a moment before it is full: whoever comes then is in, and waits for an answer.
    const message = expect.stringMatching(
      /^(Your server did not listen on port 3000|This check did not finish) /,
    );
    expect(verdicts(result)).toEqual({ reason: null, checks: [['timed_out', message]] });
  });

  test('one that answers right and then ends keeps what it has earned', async () => {
    const once = handling(`response.on('finish', () => process.exit(0))`);
    const twice = { code: `${ANSWERS.code} ${ANSWERS.code.replaceAll('answer', 'again')}` };
    const result = await grade(once, { hidden: { once: ANSWERS, twice } });
    expect(verdicts(result).checks).toEqual([
      ['passed', null],
      ['crashed', 'Your server ended with exit code 0 during this check.'],
    ]);
    expect(result.score).toBe(0.5);
  });
});

describe('forgers', () => {
  const forged = JSON.stringify({
    type: 'result',
    name: 'answers',
    verdict: 'passed',
    message: null,
    expected: null,
    actual: null,
    ms: 1,
    connectionLost: false,
  });
  const wrong = (code: string) => handling(`${code}; return response.end('wrong')`);
  const failed = { reason: null, checks: [['failed', 'GET / must answer ok.']] };

  test.each<[string, string]>([
    ['prints results', `console.log(${JSON.stringify(forged)});\n${wrong('')}`],
    [
      'prints results on every descriptor',
      `import fs from 'node:fs';\nfor (let fd = 0; fd < 10; fd++) { try { fs.writeSync(fd, ${JSON.stringify(`${forged}\n`)}); } catch {} }\n${wrong('')}`,
    ],
    ['answers with results', handling(`return response.end(${JSON.stringify(forged)})`)],
    [
      'patches assert',
      `import assert from 'node:assert/strict';\nassert.equal = () => {};\nassert.AssertionError = Error;\n${wrong('')}`,
    ],
    [
      'preloads through NODE_OPTIONS',
      `import fs from 'node:fs';\nfs.writeFileSync('/tmp/p.cjs', 'process.exit(0)');\nprocess.env.NODE_OPTIONS = '--require /tmp/p.cjs';\n${wrong('')}`,
    ],
    [
      'kills and signals everything it sees',
      `import fs from 'node:fs';\nfor (const pid of fs.readdirSync('/proc').map(Number)) { if (pid > 1 && pid !== process.pid) { try { process.kill(pid, 'SIGKILL'); } catch {} } }\ntry { process.kill(1, 'SIGSTOP'); } catch {}\n${wrong('')}`,
    ],
  ])('one that %s gets what its answers earned', async (_what, server) => {
    expect(verdicts(await grade(server))).toEqual(failed);
  });

  test('one that prints results and exits with 0 has crashed', async () => {
    const result = await grade(`console.log(${JSON.stringify(forged)}); process.exit(0);`);
    expect(result.checks).toMatchObject([{ verdict: 'crashed' }]);
    expect(result.output).toBe(`${forged}\n`);
  });

  /** Finds every file outside the system's that holds the mark or belongs to the checks. */
  const LOOKS = `import fs from 'node:fs';
import path from 'node:path';
const mark = ${JSON.stringify(MARK.slice(0, 8))} + ${JSON.stringify(MARK.slice(8))};
fs.writeFileSync('/tmp/control', mark);
export function look() {
  const found = [];
  const take = (file) => {
    try { if (fs.statSync(file).isFile() && fs.readFileSync(file).includes(mark)) found.push(file); } catch {}
  };
  const walk = (folder) => {
    let entries = [];
    try { entries = fs.readdirSync(folder, { withFileTypes: true }); } catch {}
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (['/sys', '/proc', '/node_modules', '/usr'].includes(file)) continue;
      if (/hidden\\.mjs$|harness|^solution$/.test(entry.name)) found.push(file);
      if (entry.isDirectory()) walk(file); else if (entry.isFile()) take(file);
    }
  };
  walk('/');
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
    for (const file of ['cmdline', 'environ', 'mountinfo']) {
      const text = (() => { try { return fs.readFileSync('/proc/' + pid + '/' + file, 'utf8'); } catch { return ''; } })();
      if (/hidden|harness|solution/.test(text)) found.push(pid + ' ' + file);
    }
    walk('/proc/' + pid + '/root/app');
  }
  return found;
}
export const shim = () => fs.readdirSync('/shim').sort();
`;

  const SHIM = ['package.json', 'remote-shim.js', 'warm-start.js', 'warm-turn.js'];

  test('one that looks for the hidden checks finds what boots it, and that is no secret', async () => {
    const looking = `${LOOKS}
import http from 'node:http';
http.createServer((request, response) => response.end(JSON.stringify([look(), shim()]))).listen(process.env.PORT, '127.0.0.1');
`;
    const code = `/* ${MARK} */ const { text } = await http.get('/');
      assert.equal(text, JSON.stringify([['/tmp/control'], SHIM]), 'Only what it wrote.');`.replace(
      'SHIM',
      JSON.stringify(SHIM),
    );
    expect(verdicts(await grade(looking, { hidden: { finds: { code } } }))).toEqual({
      reason: null,
      checks: [['passed', null]],
    });
  });

  test('a module that looks for them finds what calls it, and that is no secret', async () => {
    const code = `/* ${MARK} */ assert.deepEqual(await module.call('look'), ['/tmp/control'], 'Only what it wrote.');
      assert.deepEqual(await module.call('shim'), ${JSON.stringify(SHIM)});`;
    const result = await gradeSolution({
      engine,
      bundle: echoTask({ mode: 'function', hidden: { finds: { code } } }),
      files: moduleFile(LOOKS),
      checks: 'hidden',
      seed: 'seed',
    });
    expect(verdicts(result)).toEqual({ reason: null, checks: [['passed', null]] });
  });

  test('a flood into the check costs that check, not the grading', async () => {
    const flood = `import net from 'node:net';
net.createServer((socket) => {
  socket.on('error', () => {});
  const head = 'HTTP/1.1 200 OK\\r\\n\\r\\n';
  const more = () => { while (!socket.destroyed && socket.write('['.repeat(65536))); };
  socket.write(head); more(); socket.on('drain', more);
}).listen(process.env.PORT, '127.0.0.1');
`;
    const many = { code: `await Promise.all(Array.from({ length: 100 }, () => http.get('/')));` };
    expect(verdicts(await grade(flood, { hidden: { many, answers: ANSWERS } }))).toEqual({
      reason: null,
      checks: [
        // whichever cap is met first
        ['failed', expect.stringMatching(/^Your server sent more than (1|16) MiB /)],
        ['failed', 'Your server sent more than 1 MiB in answer to GET /.'],
      ],
    });
  });
});

test('gradings side by side do not meet', async () => {
  const results = await Promise.all([
    grade(GOOD_SERVER),
    grade(handling(`return response.end('wrong')`)),
    grade(GOOD_SERVER),
  ]);
  expect(results.map(({ score }) => score)).toEqual([1, 0, 1]);
});
