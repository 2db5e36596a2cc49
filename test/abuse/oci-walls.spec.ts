import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { WallName } from '@assay/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Arena,
  HOME,
  hasSaid,
  MIB,
  openArena,
  processesOf,
  RUNTIME_PACKAGES,
  until,
} from './src/arena.js';

const WALLS: WallName[] = ['crun', 'runc'];

/** The cases in which an OCI runtime might differ from bubblewrap, which the other specs attack. */
describe.each(WALLS)('%s', (wall) => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena(wall); // proves every guarantee of the self-test, or throws
  });
  afterAll(() => arena.close());

  const STAY = 'setInterval(() => 0, 1000);';

  it('says which program it is', async () => {
    const { engine, guarantees } = await arena.engine.selfTest();
    expect(engine).toMatch(new RegExp(`^${wall} \\d+\\.`));
    expect(guarantees).toContain('system calls are filtered');
  });

  it('env_leak, host_files: process 1 cannot be looked into, and nothing of the runtime is there', async () => {
    const { output } = await arena.run({
      code: `const fs = require('node:fs');
        const attempt = (action) => { try { return action(); } catch (error) { return error.code; } };
        const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\\n').filter(Boolean).map((line) => line.split(' '));
        console.log(JSON.stringify({ env: process.env, root: fs.readdirSync('/').sort(),
          one: ['environ', 'mem', 'maps', 'root/etc'].map((name) => attempt(() => fs.openSync('/proc/1/' + name))),
          fds: attempt(() => fs.readdirSync('/proc/1/fd')), run: fs.existsSync('/run'),
          masked: ['keys', 'timer_list'].map((name) => fs.readFileSync('/proc/' + name, 'utf8')),
          writable: mounts.filter((m) => m[5].startsWith('rw')).map((m) => m[4]).filter((path) => !/^.(dev.(null|zero|full|random|urandom|tty|pts)|proc(.keys|.timer_list)?)$/.test(path)).sort() }))`,
    });
    expect(JSON.parse(output)).toEqual({
      env: { PATH: '/usr/bin', HOME: '/tmp', TZ: 'UTC', PWD: '/app' },
      root: ['app', 'bin', 'dev', 'etc', 'lib', 'lib64', 'node_modules', 'proc', 'tmp', 'usr'],
      ...{ one: ['EACCES', 'EACCES', 'EACCES', 'EACCES'], fds: 'EACCES', run: false, masked: ['', ''] },
      writable: ['/dev/shm', '/tmp'],
    });
  });

  it('a status, a signal that nobody handles, and one that is sent end it as they would outside', async () => {
    const status = await arena.run({ code: 'process.exit(42)' });
    expect(status.exit).toEqual({ cause: 'exited', code: 42, signal: null, oomKills: 0 });
    const abort = await arena.run({ code: 'process.abort()' });
    expect(abort.exit).toEqual({ cause: 'exited', code: null, signal: 'SIGABRT', oomKills: 0 });

    const pod = await arena.engine.openPod();
    const container = await arena.start(pod, { code: `console.log('up'); ${STAY}` });
    await hasSaid(container, 'up');
    expect(container.usage()).toMatchObject({ processes: 1 });
    expect(container.signal('SIGTERM')).toBe(true);
    expect(await container.exited).toEqual({ cause: 'exited', code: null, signal: 'SIGTERM', oomKills: 0 });
    await pod.close();
  });

  it('a control pipe is descriptor 5, and there is no other but stdio', async () => {
    const pod = await arena.engine.openPod();
    const container = await pod.start({
      ...{ part: 'checks', control: true, env: {}, cwd: '/', mounts: {} },
      command: ['/usr/bin/sh', '-c', 'echo /proc/$$/fd/*; read -r line <&5; echo "$line"'],
      limits: { memoryBytes: 64 * MIB, pids: 16, cpus: 1, outputBytes: 1000, tmpBytes: MIB, wallMs: 8_000 },
    });
    container.control?.end('go on\n');
    const said = await text(container.stdout);
    // 3 is the folder that sh is listing.
    expect(said.replaceAll(/\/proc\/\d+\/fd\//g, '')).toBe('0 1 2 3 5\ngo on\n');
    expect(await container.exited).toMatchObject({ cause: 'exited', code: 0 });
    await pod.close();
  });

  it('mem_bomb: a verdict of the kernel; fork_bomb: it ends with its container', async () => {
    const bomb = await arena.run({ code: 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))' });
    expect(bomb.exit).toMatchObject({ cause: 'memory_exceeded' });
    expect(bomb.exit.oomKills).toBeGreaterThan(0);
    const forks = await arena.run({ sh: 'b() { b | b & }; b; read _', limits: { wallMs: 1_500 } });
    expect(forks.output).toMatch(/[Cc]annot fork/);
    expect(forks.left).toBe(0);
  });

  it('trap_term, daemon_double_fork: a kill leaves nothing behind', async () => {
    const pod = await arena.engine.openPod();
    const container = await arena.start(pod, {
      code: `process.on('SIGTERM', () => 0);
        require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 100)'], { detached: true, stdio: 'ignore' })
          .once('spawn', () => console.log('up')); ${STAY}`,
    });
    await hasSaid(container, 'up');
    expect(await container.kill()).toMatchObject({ cause: 'killed' });
    await until(() => processesOf(container.uid).length === 0, 2_000);
    await pod.close();
  });

  it('tmp_fill, inode_exhaust: /tmp has its size and its number of files', async () => {
    const { output } = await arena.run({
      code: `const fs = require('node:fs');
        const attempt = (action) => { try { return action(); } catch (error) { return error.code; } };
        const fill = (name) => attempt(() => fs.writeFileSync(name, Buffer.alloc(7e6)));
        const full = [fill('/tmp/a'), fill('/tmp/b')]; fs.rmSync('/tmp/a'); fs.rmSync('/tmp/b', { force: true });
        let count = 0; const refused = attempt(() => { for (;; count++) fs.mkdirSync('/tmp/d' + count); });
        console.log(JSON.stringify({ full, refused, few: count < 10_000 }))`,
    });
    expect(JSON.parse(output)).toEqual({ full: [null, 'ENOSPC'], refused: 'ENOSPC', few: true });
  });

  it('worker_crash: its sandboxes die with it', async () => {
    const script = join(import.meta.dirname, 'worker-process.mjs');
    const worker: ChildProcess = spawn(process.execPath, [script, HOME, RUNTIME_PACKAGES, wall], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {},
    });
    const said = await new Promise((resolve) => worker.stdout?.once('data', resolve));
    const { uids } = JSON.parse(String(said)) as { uids: number[] }; // worker-process.mjs prints it
    for (const uid of uids) expect(processesOf(uid).length).toBeGreaterThanOrEqual(2);
    worker.kill('SIGKILL');
    await until(() => uids.every((uid) => processesOf(uid).length === 0), 10_000);
  });
});
