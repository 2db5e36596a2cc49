import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Arena, hasSaid, MIB, openArena } from './arena.js';

describe('positive_compat: what ordinary code may expect', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena();
  });
  afterAll(() => arena.close());

  it.each([
    [
      'cluster and fetch to localhost',
      `const cluster = require('node:cluster');
       if (cluster.isPrimary) { cluster.fork(); cluster.fork(); let up = 0;
         cluster.on('listening', async () => { if (++up === 2) { console.log(await (await fetch('http://localhost:3000')).text()); process.exit(); } }); }
       else require('node:http').createServer((_, res) => res.end('ok')).listen(3000)`,
    ],
    [
      'worker_threads',
      `const { Worker, isMainThread, parentPort } = require('node:worker_threads');
       if (isMainThread) new Worker(__filename).once('message', (text) => console.log(text)); else parentPort.postMessage('ok')`,
    ],
    [
      'os.*',
      `const os = require('node:os');
       const all = [os.hostname(), os.userInfo().username, os.homedir(), os.tmpdir(), os.cpus().length > 0, os.totalmem() > 0, os.loadavg().length, os.networkInterfaces().lo.length > 0];
       console.log(all.join() === 'sandbox,sandbox,/tmp,/tmp,true,true,3,true' ? 'ok' : all)`,
    ],
    [
      'streams, files and watching in /tmp',
      `const fs = require('node:fs'), { pipeline } = require('node:stream/promises'), zlib = require('node:zlib');
       (async () => { fs.writeFileSync('/tmp/a', 'x'.repeat(1e6));
         await pipeline(fs.createReadStream('/tmp/a'), zlib.createGzip(), fs.createWriteStream('/tmp/a.gz'));
         const watcher = fs.watch('/tmp', () => { watcher.close(); console.log('ok'); }); fs.writeFileSync('/tmp/b', ''); })()`,
    ],
    [
      'crypto, child_process and a shell',
      `const c = require('node:crypto'), { execSync } = require('node:child_process');
       c.scrypt('a', 'b', 32, () => console.log(execSync('echo ok', { encoding: 'utf8' }).trim()))`,
    ],
    [
      'WebAssembly',
      `WebAssembly.compile(Buffer.from('0061736d01000000', 'hex')).then(() => console.log('ok'))`,
    ],
    [
      'unix sockets of its own',
      `require('node:net').createServer().listen('/tmp/s', () => { console.log('ok'); process.exit(); })`,
    ],
    [
      'IPv6 loopback',
      `require('node:net').createServer().listen(3001, '::1', () => { console.log('ok'); process.exit(); })`,
    ],
    [
      'dates in UTC',
      `console.log(new Date(0).toString().includes('GMT+0000') ? 'ok' : new Date(0).toString())`,
    ],
    ['the runtime packages', `console.log(typeof require('express') === 'function' ? 'ok' : 'no')`],
  ])('%s', async (_, code) => {
    const { exit, output } = await arena.run({ code, limits: { memoryBytes: 384 * MIB, pids: 96 } });
    expect(output).toBe('ok\n');
    expect(exit).toMatchObject({ cause: 'exited', code: 0 });
  });

  it('a party that speaks a protocol over stdio', async () => {
    const pod = await arena.engine.openPod();
    const echo = await arena.start(pod, {
      part: 'checks',
      code: `require('node:readline').createInterface(process.stdin).on('line', (line) => console.log(line.toUpperCase())).on('close', () => process.exit(7))`,
    });
    const lines: string[] = [];
    echo.stdout.setEncoding('utf8').on('data', (text) => lines.push(text));
    echo.stdin.write('one\ntwo\n');
    await hasSaid(echo, 'TWO');
    echo.stdin.end();
    expect(await echo.exited).toMatchObject({ cause: 'exited', code: 7 });
    expect(lines.join('')).toBe('ONE\nTWO\n');
    await pod.close();
  });
});
