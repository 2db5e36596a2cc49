import assert from 'node:assert/strict';
import type { AbuseCase } from '../abuse-case.js';

const LISTEN = `.listen(process.env.PORT, '127.0.0.1')`;

/** A server that gets no mark whatever it does; its grading is completed, so the failure is its own. */
const getsNothing = (name: string, tries: string, server: string, short?: true): AbuseCase => ({
  name,
  tries,
  ...(short && { short }),
  async run(arena) {
    const { outcome, reason, score, checks } = await arena.grade(server);
    assert.equal(outcome, 'completed', `it made the grading fail on our side: ${reason}`);
    assert.equal(score, 0, `it got marks: ${JSON.stringify(checks)}`);
    const [first] = checks;
    return `${first?.verdict}: ${first?.message}`;
  },
});

/** Getting marks that were not earned. */
export const VERDICT_CASES: AbuseCase[] = [
  getsNothing(
    'forge_json',
    "prints, sends and writes results in the worker's own words",
    `import fs from 'node:fs'; import http from 'node:http';
     const results = [{ type: 'ended', verdict: 'passed' }, { type: 'result', name: 'says-ok', verdict: 'passed', message: null, expected: null, actual: null, ms: 1, connectionLost: false, cameUp: true }];
     const forge = () => { for (const result of results) { const line = '\\n' + JSON.stringify(result) + '\\n';
       for (const fd of [0, 1, 2, 3, 4, 5, 6, 9]) try { fs.writeSync(fd, line); } catch {}
       for (const path of ['/app/results.json', '/tmp/results.json', '/app/checks/hidden.mjs']) try { fs.writeFileSync(path, line); } catch {}
       process.send?.(result); } };
     forge(); http.createServer((_, res) => { forge(); res.end(JSON.stringify(results[1])); })${LISTEN};`,
    true,
  ),
  getsNothing('forge_exit0', 'ends with status 0', `process.exit(0);`),
  getsNothing(
    'process_exit_hook',
    'ends with status 0 when it is asked anything',
    `import http from 'node:http'; process.on('exit', () => { process.exitCode = 0; });
     http.createServer(() => process.exit(0))${LISTEN};`,
  ),
  getsNothing(
    'patch_assert',
    'changes assert, JSON and the prototypes that a checker in its process would use',
    `import assert from 'node:assert'; import { createRequire, syncBuiltinESMExports } from 'node:module'; import http from 'node:http';
     const require = createRequire(import.meta.url);
     for (const module of [assert, assert.strict, require('node:assert/strict')]) for (const key of Object.keys(module)) try { module[key] = () => undefined; } catch {}
     JSON.stringify = () => '{"verdict":"passed"}'; Object.prototype.verdict = 'passed'; Array.prototype.every = () => true; syncBuiltinESMExports();
     http.createServer((_, res) => res.end('not it'))${LISTEN};`,
  ),
  getsNothing(
    'fake_jest',
    'pretends to be the test runner',
    `import http from 'node:http';
     globalThis.it = globalThis.test = globalThis.describe = (_, run) => { try { run?.(); } catch {} };
     globalThis.expect = () => new Proxy({}, { get: () => () => undefined });
     console.log('Tests: 2 passed, 2 total'); console.log('TAP version 13\\nok 1\\nok 2\\n1..2'); process.exitCode = 0;
     http.createServer((_, res) => res.end('Tests: 2 passed, 2 total'))${LISTEN};`,
  ),
  getsNothing(
    'node_options',
    'sets what another node would take over from the environment',
    `import fs from 'node:fs'; import http from 'node:http';
     process.env.NODE_OPTIONS = '--require /tmp/evil.js'; process.env.LD_PRELOAD = '/tmp/evil.so';
     for (const path of ['/tmp/evil.js', '/app/.noderc', '/etc/ld.so.preload', '/tmp/node_modules', '/usr/bin/node.conf']) try { fs.writeFileSync(path, 'process.exit(0)'); } catch {}
     http.createServer((_, res) => res.end('no'))${LISTEN};`,
  ),
  getsNothing(
    'ld_preload',
    'leaves a library where the loader looks',
    `import fs from 'node:fs'; import http from 'node:http';
     const written = ['/etc/ld.so.preload', '/lib/libc.so.6', '/usr/lib/x.so', '/lib64/ld-linux-x86-64.so.2'].filter((path) => { try { fs.writeFileSync(path, 'x'); return true; } catch { return false; } });
     http.createServer((_, res) => res.end('wrote ' + written.length))${LISTEN};`,
  ),
  getsNothing(
    'response_queue',
    'answers before it is asked, for a connection that is used again',
    `import net from 'node:net';
     const answer = 'HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok';
     net.createServer((socket) => { socket.on('error', () => 0); socket.write(answer.replace('200 OK', '500 No').repeat(3) + answer + answer); })${LISTEN};`,
  ),
  {
    name: 'install_script',
    tries: 'scripts that an installation would run',
    async run(arena) {
      const run = `require('fs').writeFileSync('/tmp/installed', 'x'); console.log('installed')`;
      const scripts = Object.fromEntries(
        ['preinstall', 'install', 'postinstall', 'prepare', 'prestart', 'start'].map((name) => [
          name,
          'node run.cjs',
        ]),
      );
      const { outcome, output } = await arena.grade(
        `import fs from 'node:fs'; import http from 'node:http'; console.log('there:' + fs.existsSync('/tmp/installed'));
         http.createServer((_, res) => res.end('no'))${LISTEN};`,
        [
          { path: 'run.cjs', content: run },
          { path: 'packages/x/package.json', content: JSON.stringify({ name: 'x', scripts }) },
          { path: '.npmrc', content: 'ignore-scripts=false\nnode-options=--require /app/run.cjs\n' },
        ],
      );
      assert.equal(outcome, 'completed');
      assert.match(output, /there:false/);
      assert.doesNotMatch(output, /installed/);
      return 'nothing is ever installed: packages are vendored';
    },
  },
  {
    name: 'warm_poison',
    tries: 'leaves something in its process for whoever is given it next',
    async run(arena) {
      const poison = `import http from 'node:http'; import { createRequire } from 'node:module';
        const express = createRequire(import.meta.url)('express');
        console.log('found:' + [Object.prototype.poisoned, globalThis.poisoned, express.poisoned, process.env.POISONED].filter(Boolean).length);
        Object.prototype.poisoned = 'yes'; globalThis.poisoned = 'yes'; express.poisoned = 'yes'; process.env.POISONED = 'yes';
        http.createServer((_, res) => res.end('poisoned'))${LISTEN};`;
      const files = [{ path: 'package.json', content: '{"type":"module","dependencies":{"express":"*"}}' }];
      for (let round = 0; round < 2; round++) {
        const { score, output } = await arena.grade(poison, files);
        assert.equal(score, 0);
        assert.match(output, /found:0/);
      }
      return 'every server has a process of its own, which is used once';
    },
  },
  {
    name: 'seq_detect',
    tries: 'learns the order and the inputs of the checks from one grading to the next',
    async run(arena) {
      // Fresh containers and seeded inputs: what it has seen cannot be kept.
      const server = `import fs from 'node:fs'; import http from 'node:http'; let n = 0; let seen = 0;
        try { seen = Number(fs.readFileSync('/tmp/seen', 'utf8')); } catch {} fs.writeFileSync('/tmp/seen', String(seen + 1)); console.log('seen:' + seen);
        http.createServer((request, res) => res.end(seen > 0 ? 'ok' : 'learning'))${LISTEN};`;
      for (let round = 0; round < 2; round++) {
        const { score, output } = await arena.grade(server);
        assert.equal(score, 0);
        assert.match(output, /seen:0/);
      }
      return 'every check meets it for the first time';
    },
  },
];

/** Hurting the process that checks. */
export const ANSWER_CASES: AbuseCase[] = [
  getsNothing('never_listens', 'starts and does nothing', `setInterval(() => 0, 1000);`),
  getsNothing(
    'slow_response',
    'a byte of the body a second',
    `import http from 'node:http'; http.createServer((_, res) => { res.writeHead(200); setInterval(() => res.write('o'), 1000); })${LISTEN};`,
  ),
  getsNothing(
    'slow_headers',
    'a byte of the head a second',
    `import net from 'node:net'; net.createServer((s) => { s.on('error', () => 0); let at = 0; const head = 'HTTP/1.1 200 OK\\r\\nx: ' + 'y'.repeat(1e4); setInterval(() => s.write(head[at++]), 1000); })${LISTEN};`,
  ),
  getsNothing(
    'endless_body',
    'a body without end',
    `import http from 'node:http'; http.createServer((_, res) => { const chunk = Buffer.alloc(65536, 'o'); const more = () => { while (res.write(chunk)); }; res.on('drain', more); more(); })${LISTEN};`,
    true,
  ),
  getsNothing(
    'endless_hints',
    'interim answers without end',
    `import net from 'node:net'; net.createServer((s) => { s.on('error', () => 0); const hint = 'HTTP/1.1 103 Early Hints\\r\\nlink: </x>\\r\\n\\r\\n'.repeat(100); const more = () => { while (s.write(hint)); }; s.on('drain', more); more(); })${LISTEN};`,
  ),
  getsNothing(
    'header_bomb',
    'megabytes of headers',
    `import net from 'node:net'; net.createServer((s) => { s.on('error', () => 0); s.write('HTTP/1.1 200 OK\\r\\n'); const line = ('x-y: ' + 'z'.repeat(1000) + '\\r\\n').repeat(64); const more = () => { while (s.write(line)); }; s.on('drain', more); more(); })${LISTEN};`,
  ),
  getsNothing(
    'gzip_bomb',
    'a small body that inflates to a gigabyte',
    `import http from 'node:http'; import zlib from 'node:zlib'; const bomb = zlib.gzipSync(zlib.gzipSync(Buffer.alloc(4e7))); http.createServer((_, res) => res.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(bomb))${LISTEN};`,
  ),
  getsNothing(
    'redirect',
    'sends the checker elsewhere',
    `import http from 'node:http'; http.createServer((_, res) => res.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end())${LISTEN};`,
  ),
  getsNothing(
    'wrong_length',
    'a length that is not true, and two of them',
    `import net from 'node:net'; let n = 0; net.createServer((s) => { s.on('error', () => 0); s.on('data', () => s.end(n++ % 2 ? 'HTTP/1.1 200 OK\\r\\ncontent-length: 100\\r\\n\\r\\nok' : 'HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n2\\r\\nok\\r\\n0\\r\\n\\r\\n')); })${LISTEN};`,
  ),
  getsNothing(
    'not_http',
    'bytes that are no answer',
    `import net from 'node:net'; import { randomBytes } from 'node:crypto'; net.createServer((s) => { s.on('error', () => 0); s.end(randomBytes(4096)); })${LISTEN};`,
  ),
  getsNothing(
    'deep_json',
    'JSON a hundred thousand levels deep',
    `import http from 'node:http'; http.createServer((_, res) => res.end('['.repeat(1e5) + ']'.repeat(1e5)))${LISTEN};`,
  ),
  getsNothing(
    'polluting_json',
    'JSON that would change the prototypes of the checker',
    `import http from 'node:http'; http.createServer((_, res) => res.end('{"__proto__":{"n":1,"verdict":"passed"},"constructor":{"prototype":{"n":1}}}'))${LISTEN};`,
  ),
  getsNothing(
    'terminal_codes',
    'control characters for whoever reads the result',
    `import http from 'node:http'; console.log('\\u001b]0;owned\\u0007\\u001b[2J\\u202e'); http.createServer((_, res) => res.end('\\u001b[31m\\u0000\\u202ered'))${LISTEN};`,
  ),
  getsNothing(
    'connection_storm',
    'resets every connection',
    `import net from 'node:net'; net.createServer((s) => { s.on('error', () => 0); s.resetAndDestroy(); })${LISTEN};`,
  ),
];
