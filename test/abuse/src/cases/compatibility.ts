import assert from 'node:assert/strict';
import type { AbuseCase } from '../abuse-case.js';
import { MIB } from '../arena.js';

/** What ordinary code may expect; each prints `ok`. */
const ORDINARY: Record<string, string> = {
  'cluster and fetch to localhost': `const cluster = require('node:cluster');
    if (cluster.isPrimary) { cluster.fork(); cluster.fork(); let up = 0;
      cluster.on('listening', async () => { if (++up === 2) { console.log(await (await fetch('http://localhost:3000')).text()); process.exit(); } }); }
    else require('node:http').createServer((_, res) => res.end('ok')).listen(3000)`,
  worker_threads: `const { Worker, isMainThread, parentPort } = require('node:worker_threads');
    if (isMainThread) new Worker(__filename).once('message', (text) => console.log(text)); else parentPort.postMessage('ok')`,
  'os.*': `const os = require('node:os');
    const all = [os.hostname(), os.userInfo().username, os.homedir(), os.tmpdir(), os.cpus().length > 0, os.totalmem() > 0, os.loadavg().length, os.networkInterfaces().lo.length > 0];
    console.log(all.join() === 'sandbox,sandbox,/tmp,/tmp,true,true,3,true' ? 'ok' : all)`,
  'streams, files and watching': `const fs = require('node:fs'), { pipeline } = require('node:stream/promises'), zlib = require('node:zlib');
    (async () => { fs.writeFileSync('/tmp/a', 'x'.repeat(1e6));
      await pipeline(fs.createReadStream('/tmp/a'), zlib.createGzip(), fs.createWriteStream('/tmp/a.gz'));
      const watcher = fs.watch('/tmp', () => { watcher.close(); console.log('ok'); }); fs.writeFileSync('/tmp/b', ''); })()`,
  'crypto, child processes, a shell': `const c = require('node:crypto'), { execSync } = require('node:child_process');
    c.scrypt('a', 'b', 32, () => console.log(execSync('echo ok', { encoding: 'utf8' }).trim()))`,
  WebAssembly: `WebAssembly.compile(Buffer.from('0061736d01000000', 'hex')).then(() => console.log('ok'))`,
  'unix sockets of its own': `require('node:net').createServer().listen('/tmp/s', () => { console.log('ok'); process.exit(); })`,
  'IPv6 loopback': `require('node:net').createServer().listen(3001, '::1', () => { console.log('ok'); process.exit(); })`,
  'dates in UTC': `console.log(new Date(0).toString().includes('GMT+0000') ? 'ok' : new Date(0).toString())`,
  'an unhandled SIGTERM': `process.on('exit', () => 0); if (process.argv[2]) { process.kill(process.pid, 'SIGTERM'); setInterval(() => 0, 1000); }
    else require('node:child_process').fork(__filename, ['x']).on('exit', (code, signal) => console.log(signal === 'SIGTERM' && process.pid !== 1 ? 'ok' : signal))`,
  'the runtime packages': `console.log(typeof require('express') === 'function' ? 'ok' : 'no')`,
};

export const COMPATIBILITY_CASES: AbuseCase[] = [
  {
    name: 'positive_compat',
    tries: 'what ordinary code does: cluster, fetch to localhost, os, worker_threads, streams, …',
    short: true,
    async run(arena) {
      for (const [what, code] of Object.entries(ORDINARY)) {
        const { exit, output } = await arena.run({ code, limits: { memoryBytes: 384 * MIB, pids: 96 } });
        assert.deepEqual([output, exit.cause, exit.code], ['ok\n', 'exited', 0], what);
      }
      return `passes: ${Object.keys(ORDINARY).join('; ')}`;
    },
  },
];
