import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AbuseCase } from '../abuse-case.js';
import { type Attacker, hasSaid, MIB, processesOf, until } from '../arena.js';

/** Pages of TCP buffers on the whole machine, in bytes. */
const tcpBytes = () =>
  Number(/^TCP:.* mem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1]) * 4096;

/** Taking more than its share of memory, disk, descriptors and output. */
export const RESOURCE_CASES: AbuseCase[] = [
  {
    name: 'mem_bomb',
    tries: 'buffers without end, in itself and in a child',
    short: true,
    async run(arena) {
      const { exit, left } = await arena.run({
        code: `const kept = []; for (;;) kept.push(Buffer.alloc(8 * 1024 * 1024, 1));`,
      });
      assert.deepEqual([exit.cause, left], ['memory_exceeded', 0]);
      assert.ok(exit.oomKills > 0);
      const inChild = await arena.run({
        code: `const { spawnSync } = require('node:child_process');
          spawnSync(process.execPath, ['-e', 'const k = []; for (;;) k.push(Buffer.alloc(8388608, 1))']);`,
      });
      assert.equal(inChild.exit.cause, 'memory_exceeded');
      return `killed by the kernel (oom_kill ${exit.oomKills}), 0 processes left`;
    },
  },
  {
    name: 'heap_bomb',
    tries: "fills V8's heap",
    async run(arena) {
      const { exit, output } = await arena.run({
        code: `const kept = []; for (;;) kept.push(Array.from({ length: 1000 }, () => ({})));`,
        limits: { memoryBytes: 384 * MIB },
      });
      assert.deepEqual([exit.cause, exit.oomKills], ['exited', 0]);
      assert.match(output, /heap out of memory/);
      return 'a crash of node, below the limit';
    },
  },
  {
    name: 'tmp_fill',
    tries: 'fills /tmp, with one file and with several',
    async run(arena) {
      const answers = await arena.ask<string[]>(
        `process.on('SIGXFSZ', () => undefined);
        const fill = (path) => attempt(() => { const fd = fs.openSync(path, 'w'); for (let i = 0; i < 64; i++) fs.writeSync(fd, Buffer.alloc(1048576)); });
        fs.writeFileSync('/tmp/a', Buffer.alloc(6 * 1048576)); const second = fill('/tmp/b');
        fs.rmSync('/tmp/a'); fs.rmSync('/tmp/b');
        say([second, fill('/tmp/one')])`,
      );
      assert.equal(answers[0], 'ENOSPC');
      assert.match(answers[1] ?? '', /ENOSPC|EFBIG/);
      return answers.join(', ');
    },
  },
  {
    name: 'sparse',
    tries: 'a file of 16 GiB with nothing in it',
    async run(arena) {
      const answer = await arena.ask<string>(
        `process.on('SIGXFSZ', () => undefined);
        fs.writeFileSync('/tmp/sparse', ''); say(attempt(() => fs.truncateSync('/tmp/sparse', 2 ** 34)))`,
      );
      assert.equal(answer, 'EFBIG');
      return answer;
    },
  },
  {
    name: 'shm_fill',
    tries: 'fills /dev/shm, and writes beside it',
    async run(arena) {
      const answers = await arena.ask<string[]>(
        `say([attempt(() => fs.writeFileSync('/dev/shm/x', Buffer.alloc(2 * 1048576))), attempt(() => fs.writeFileSync('/dev/planted', 'x'))])`,
      );
      assert.equal(answers[0], 'ENOSPC');
      assert.match(answers[1] ?? '', /EROFS|EACCES|EPERM/);
      return answers.join(', ');
    },
  },
  {
    name: 'inode_exhaust',
    tries: 'empty files without end',
    async run(arena) {
      const { exit, output, left } = await arena.run({
        code: `const fs = require('node:fs');
          try { for (let i = 0; ; i++) fs.closeSync(fs.openSync('/tmp/' + i, 'w')); } catch (e) { console.log(e.code); }`,
        limits: { memoryBytes: 64 * MIB },
      });
      assert.ok(exit.cause === 'memory_exceeded' || /ENOSPC|ENOMEM/.test(output), `${exit.cause} ${output}`);
      assert.equal(left, 0);
      return exit.cause === 'memory_exceeded' ? 'charged to the memory limit' : output.trim();
    },
  },
  {
    name: 'fd_exhaust',
    tries: 'opens files without end, also after raising its limit',
    async run(arena) {
      const { output } = await arena.run({
        sh: `ulimit -n 100000 2>/dev/null && echo raised
          exec /usr/bin/node --max-old-space-size=64 -e "const fs = require('fs'); let n = 0;
            try { for (;;) { fs.openSync('/dev/null'); n++; } } catch (e) { console.log(e.code, n < 256); }"`,
      });
      assert.equal(output, 'EMFILE true\n');
      return 'EMFILE below 256';
    },
  },
  {
    name: 'pipe_fill',
    tries: 'kernel memory in full pipes',
    async run(arena) {
      const { exit, output, left } = await arena.run({
        code: `const { spawn } = require('node:child_process'); const fs = require('node:fs');
          // A stopped reader: every pipe to it stays full.
          let bytes = 0;
          for (let i = 0; i < 40; i++) { const child = spawn('/bin/sh', ['-c', 'kill -STOP $$'], { stdio: ['pipe', 'ignore', 'ignore'] });
            child.on('error', () => 0); child.stdin?.on('error', () => 0);
            if (child.pid) { child.stdin.write(Buffer.alloc(1048576)); bytes += child.stdin.writableLength; } }
          setTimeout(() => { console.log(bytes); process.exit(); }, 300);`,
        limits: { wallMs: 3_000 },
      });
      assert.match(exit.cause, /exited|memory_exceeded|timed_out/);
      assert.equal(left, 0);
      return `${exit.cause} after ${output.trim() || '?'} bytes that waited, 0 processes left`;
    },
  },
  {
    name: 'socket_fill',
    tries: 'kernel memory in full sockets',
    async run(arena) {
      const before = tcpBytes();
      const pod = await arena.engine.openPod();
      try {
        const filler = await arena.start(pod, {
          code: `const net = require('node:net');
            const server = net.createServer((socket) => socket.pause()).listen(4000, '127.0.0.1', () => {
              for (let i = 0; i < 100; i++) { const s = net.connect(4000, '127.0.0.1'); s.on('error', () => 0);
                const chunk = Buffer.alloc(1 << 20); s.on('connect', () => { const more = () => { while (s.write(chunk)); }; s.on('drain', more); for (let n = 0; n < 16; n++) s.write(chunk); }); }
              setTimeout(() => console.log('filled'), 700); });
            server.on('connection', () => 0);`,
          limits: { wallMs: 5_000 },
        });
        await Promise.race([hasSaid(filler, 'filled'), filler.exited]);
        const held = tcpBytes() - before;
        assert.ok(
          held < 256 * MIB,
          `${Math.round(held / MIB)} MiB of socket buffers, beyond the container's memory limit`,
        );
        return `${Math.round(held / MIB)} MiB of socket buffers`;
      } finally {
        await pod.close();
      }
    },
  },
  {
    name: 'stdout_flood',
    tries: 'output without end, with and without a reader',
    short: true,
    async run(arena) {
      const before = process.memoryUsage.rss();
      let peak = 0;
      const watch = setInterval(() => {
        peak = Math.max(peak, process.memoryUsage.rss());
      }, 5);
      const { exit, output, left } = await arena.run({
        code: `const chunk = Buffer.alloc(65536, 'A\\0\\x1b[31m'); const fs = require('node:fs'); for (;;) fs.writeSync(1, chunk);`,
        limits: { outputBytes: 192 * MIB },
      });
      clearInterval(watch);
      assert.equal(exit.cause, 'output_exceeded');
      assert.ok(output.length <= 16 * 1024);
      assert.ok(peak - before < 96 * MIB, `our memory grew by ${peak - before} bytes`);
      assert.equal(left, 0);

      const pod = await arena.engine.openPod();
      try {
        const flood = await arena.start(pod, {
          code: `const fs = require('node:fs'); for (;;) fs.writeSync(1, 'y'.repeat(65536));`,
          limits: { outputBytes: 32 * MIB },
        });
        flood.stdout.once('data', () => flood.stdout.pause());
        assert.equal((await flood.exited).cause, 'output_exceeded');
        assert.ok(flood.stdout.readableLength < 2 * MIB);
      } finally {
        await pod.close();
      }
      const errors = await arena.run({
        sh: 'while :; do echo flood >&2; done',
        limits: { outputBytes: 64 * 1024 },
      });
      assert.equal(errors.exit.cause, 'output_exceeded');
      return `cut to ${output.length} characters, our memory grew by ${Math.round((peak - before) / MIB)} MiB of 192`;
    },
  },
  {
    name: 'cpu_hog',
    tries: 'all cores, with ten processes and the highest priority',
    async run(arena) {
      const pod = await arena.engine.openPod();
      try {
        const hog = await arena.start(pod, {
          code: `const os = require('node:os'); let raised = 'no';
            try { os.setPriority(-20); raised = 'yes'; } catch (e) { raised = e.info?.code; }
            const { spawn } = require('node:child_process');
            for (let i = 0; i < 10; i++) spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
            console.log('up', raised);`,
          limits: { cpus: 0.2 },
        });
        await hasSaid(hog, 'up');
        assert.match(hog.outputTail(), /EACCES|EPERM/);
        const ticks = () => (hog.usage().processes > 0 ? cpuTicksOf(hog) : Number.POSITIVE_INFINITY);
        const [startTicks, startMs] = [ticks(), performance.now()];
        await until(() => performance.now() - startMs > 1_000, 5_000);
        const share = ((ticks() - startTicks) * 10) / (performance.now() - startMs);
        assert.ok(share < 0.5, `it had ${share.toFixed(2)} CPUs of 0.2`);
        return `${share.toFixed(2)} CPUs of 0.2; priority refused`;
      } finally {
        await pod.close();
      }
    },
  },
];

/** CPU time of an attack's living processes, in ticks of 10 ms. */
function cpuTicksOf(attacker: Attacker): number {
  return processesOf(attacker).reduce((sum, pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return sum + Number(fields[11]) + Number(fields[12]);
    } catch {
      return sum; // ended since it was listed
    }
  }, 0);
}
