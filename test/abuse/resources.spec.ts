import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Arena, hasSaid, LIMITS, MIB, openArena, processesOf, until } from './arena.js';

describe('taking more than its share', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena();
  });
  afterAll(() => arena.close());

  it('fork_bomb: children are refused, the pod survives', async () => {
    const pod = await arena.engine.openPod();
    const bomb = await arena.start(pod, {
      code: `const { spawn } = require('node:child_process');
        let refused = 0, started = 0;
        for (let i = 0; i < 300; i++) {
          const child = spawn('/bin/sh', ['-c', 'read _'], { stdio: ['pipe', 'ignore', 'ignore'] });
          child.on('error', () => undefined);
          child.pid ? started++ : refused++;
        }
        console.log(JSON.stringify({ refused, started }));
        process.exit();`,
    });
    expect(await bomb.exited).toMatchObject({ cause: 'exited', code: 0 });
    const { refused, started } = JSON.parse(bomb.outputTail());
    expect(refused).toBeGreaterThan(250);
    expect(started).toBeLessThan(LIMITS.pids);

    const next = await arena.start(pod, { code: 'console.log("alive")' });
    expect(await next.exited).toMatchObject({ cause: 'exited', code: 0 });
    expect(next.outputTail()).toBe('alive\n');
    await pod.close();
  });

  it('fork_bomb: one that never stops forking is ended and leaves nothing', async () => {
    const { exit, left } = await arena.run({
      sh: 'bomb() { bomb & bomb; }; while :; do bomb & done 2>/dev/null',
      limits: { wallMs: 500 },
    });
    expect(exit.cause).toMatch(/timed_out|exited/);
    expect(left).toBe(0);
  });

  it('thread_bomb: threads count as processes do', async () => {
    const { exit, output, left } = await arena.run({
      code: `const { Worker } = require('node:worker_threads');
        process.on('uncaughtException', (error) => { console.log('refused', error.code); process.exit(3); });
        let online = 0;
        for (let i = 0; i < 60; i++) new Worker('setInterval(() => 0, 1000)', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } })
          .on('online', () => { if (++online === 60) { console.log('all run'); process.exit(0); } });`,
      limits: { memoryBytes: 1024 * MIB, wallMs: 4_000 },
    });
    // node itself may abort when a thread of its own is refused: either way the kernel's limit held.
    expect([exit.code, exit.signal]).not.toEqual([0, null]);
    expect(exit.cause).toBe('exited');
    expect(`${output}`).toMatch(/refused|EAGAIN|Assertion|ERR_WORKER/);
    expect(left).toBe(0);
  });

  it('mem_bomb: buffers beyond the limit are a memory verdict of the kernel', async () => {
    const { exit, left } = await arena.run({
      code: `const kept = []; for (;;) kept.push(Buffer.alloc(8 * 1024 * 1024, 1));`,
    });
    expect(exit).toMatchObject({ cause: 'memory_exceeded', code: null, signal: 'SIGKILL' });
    expect(exit.oomKills).toBeGreaterThan(0);
    expect(left).toBe(0);
  });

  it('mem_bomb in a child: the verdict is the same though the parent lives', async () => {
    const { exit } = await arena.run({
      code: `const { spawnSync } = require('node:child_process');
        spawnSync(process.execPath, ['-e', 'const k = []; for (;;) k.push(Buffer.alloc(8388608, 1))']);`,
    });
    expect(exit).toMatchObject({ cause: 'memory_exceeded', oomKills: 1 });
  });

  it('heap_bomb: a full V8 heap is a crash of node, not of the limit', async () => {
    const { exit, output } = await arena.run({
      code: `const kept = []; for (;;) kept.push(Array.from({ length: 1000 }, () => ({})));`,
      limits: { memoryBytes: 384 * MIB },
    });
    expect(exit).toMatchObject({ cause: 'exited', code: null, oomKills: 0 });
    expect(output).toContain('heap out of memory');
  });

  it('tmp_fill and sparse: /tmp has a size, and so has a file', async () => {
    const { output } = await arena.run({
      code: `const fs = require('node:fs');
        process.on('SIGXFSZ', () => undefined);
        const fill = (path) => { try { const fd = fs.openSync(path, 'w');
          for (let i = 0; i < 64; i++) fs.writeSync(fd, Buffer.alloc(1024 * 1024)); return 'filled'; } catch (e) { return e.code; } };
        const sparse = () => { try { fs.writeFileSync('/tmp/sparse', ''); fs.truncateSync('/tmp/sparse', 2 ** 34); return 'grown'; } catch (e) { return e.code; } };
        const first = (() => { try { fs.writeFileSync('/tmp/a', Buffer.alloc(6 * 1024 * 1024)); return fill('/tmp/b'); } catch (e) { return e.code; } })();
        fs.rmSync('/tmp/a'); fs.rmSync('/tmp/b');
        console.log(first, fill('/tmp/one'), sparse());`,
    });
    // 6 MiB and then 2 of 8: no space. One file alone: the limit of a file, as large as /tmp, or no space.
    expect(output).toMatch(/^ENOSPC (ENOSPC|EFBIG) EFBIG\n$/);
  });

  it('shm_fill: /dev/shm holds one MiB and is not shared with anyone', async () => {
    const { output } = await arena.run({
      code: `const fs = require('node:fs');
        try { fs.writeFileSync('/dev/shm/x', Buffer.alloc(2 * 1024 * 1024)); console.log('filled'); } catch (e) { console.log(e.code); }
        try { fs.writeFileSync('/dev/planted', 'x'); console.log('filled'); } catch (e) { console.log(e.code); }`,
    });
    expect(output).toBe('ENOSPC\nEROFS\n');
  });

  it('inode_exhaust: empty files are charged to the memory limit', async () => {
    const { exit, left } = await arena.run({
      code: `const fs = require('node:fs');
        try { for (let i = 0; ; i++) fs.closeSync(fs.openSync('/tmp/' + i, 'w')); } catch (e) { console.log(e.code); }`,
      limits: { memoryBytes: 64 * MIB },
    });
    expect(['memory_exceeded', 'exited']).toContain(exit.cause);
    expect(left).toBe(0);
  });

  it('fd_exhaust: descriptors run out', async () => {
    const { output } = await arena.run({
      code: `const fs = require('node:fs'); let n = 0;
        try { for (;;) { fs.openSync('/dev/null'); n++; } } catch (e) { console.log(e.code, n < 256); }`,
    });
    expect(output).toBe('EMFILE true\n');
  });

  it('stdout_flood: counted, cut, ended; our memory stays flat without a reader', async () => {
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
    expect(exit.cause).toBe('output_exceeded');
    expect(output.length).toBeLessThanOrEqual(16 * 1024);
    expect(output).toContain('\0\x1b[31m');
    expect(peak - before).toBeLessThan(96 * MIB);
    expect(left).toBe(0);
  });

  it('stdout_flood: a reader who stops reading hides nothing from the count', async () => {
    const pod = await arena.engine.openPod();
    const flood = await arena.start(pod, {
      code: `const fs = require('node:fs'); for (;;) fs.writeSync(1, 'y'.repeat(65536));`,
      limits: { outputBytes: 32 * MIB },
    });
    flood.stdout.once('data', () => flood.stdout.pause());
    expect(await flood.exited).toMatchObject({ cause: 'output_exceeded' });
    expect(flood.stdout.readableLength).toBeLessThan(2 * MIB);
    await pod.close();
  });

  it('stderr counts as stdout does', async () => {
    const { exit } = await arena.run({
      sh: 'while :; do echo flood >&2; done',
      limits: { outputBytes: 64 * 1024 },
    });
    expect(exit.cause).toBe('output_exceeded');
  });

  it('spin: the kernel throttles it to its quota', async () => {
    const pod = await arena.engine.openPod();
    const spin = await arena.start(pod, { sh: 'echo up; while :; do :; done', limits: { cpus: 0.1 } });
    await hasSaid(spin, 'up');
    const pid = processesOf(spin.uid).at(-1);
    // cgroup v1: the line of the cpu controller names the folder below its mount.
    const folder = /^\d+:cpu(?:,cpuacct)?:(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1];
    const throttled = () =>
      Number(/^nr_throttled (\d+)$/m.exec(readFileSync(`/sys/fs/cgroup/cpu${folder}/cpu.stat`, 'utf8'))?.[1]);
    await until(() => throttled() >= 3, 4_000);
    await pod.close();
  });
});
