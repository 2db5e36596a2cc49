import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Arena, hasSaid, openArena, processesOf } from './arena.js';

describe('outstaying its welcome', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena();
  });
  afterAll(() => arena.close());

  const SHORT = { wallMs: 400 };

  it.each([
    ['spin', 'for (;;);'],
    ['an open handle', 'setInterval(() => 0, 1000)'],
    [
      'trap_term',
      `for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => 0); setInterval(() => 0, 1000)`,
    ],
    ['sigstop_self', `process.kill(process.pid, 'SIGSTOP')`],
    ['stop_parent', `try { process.kill(1, 'SIGSTOP') } catch {} setInterval(() => 0, 1000)`],
  ])('%s ends by the wall clock', async (_, code) => {
    const { exit, left } = await arena.run({ code, limits: SHORT });
    expect(exit).toMatchObject({ cause: 'timed_out', signal: 'SIGKILL', oomKills: 0 });
    expect(left).toBe(0);
  });

  it('daemon_double_fork: detached descendants end with their container', async () => {
    const { exit, output, left } = await arena.run({
      code: `const { spawn } = require('node:child_process');
        const daemon = spawn(process.execPath, ['-e',
          "const { spawn } = require('node:child_process'); spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => 0, 1000)'], { detached: true, stdio: 'inherit' }); setInterval(() => 0, 1000)"
        ], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
        daemon.stdout.once('data', () => { console.log('both run'); process.exit(0); });`,
    });
    expect(exit).toMatchObject({ cause: 'exited', code: 0 });
    expect(output).toBe('both run\n');
    expect(left).toBe(0);
  });

  it('kill(): everything in the container, and nothing else in the pod', async () => {
    const pod = await arena.engine.openPod();
    const code = `const { fork } = require('node:child_process');
      if (process.argv[2]) setInterval(() => 0, 1000);
      else { let up = 0; for (let i = 0; i < 3; i++) fork(__filename, ['x'], { detached: true }).on('spawn', () => { if (++up === 3) console.log('up'); }); }`;
    const victim = await arena.start(pod, { code });
    const other = await arena.start(pod, { code, part: 'checks' });
    await Promise.all([hasSaid(victim, 'up'), hasSaid(other, 'up')]);
    expect(processesOf(victim.uid).length).toBeGreaterThanOrEqual(4);

    expect(await victim.kill()).toMatchObject({ cause: 'killed', code: null, signal: 'SIGKILL' });
    expect(await victim.kill()).toBe(await victim.exited);
    expect(processesOf(other.uid).length).toBeGreaterThanOrEqual(4);
    await pod.close();
    expect(processesOf(victim.uid)).toEqual([]);
    await expect(other.exited).resolves.toMatchObject({ cause: 'killed' });
  });

  it('kill_all: kill(-1) and signals to pid 1 reach nobody outside', async () => {
    const pod = await arena.engine.openPod();
    const other = await arena.start(pod, {
      part: 'checks',
      code: `console.log('up'); setInterval(() => 0, 1000)`,
    });
    await hasSaid(other, 'up');
    const { exit, left } = await arena.run({
      code: `for (const s of ['SIGSTOP', 'SIGKILL', 'SIGTERM']) try { process.kill(1, s) } catch {}
        try { process.kill(-1, 'SIGKILL') } catch {}
        setInterval(() => 0, 1000);`,
      limits: SHORT,
    });
    expect(['exited', 'timed_out']).toContain(exit.cause);
    expect(left).toBe(0);
    expect(processesOf(other.uid).length).toBeGreaterThan(0);
    await pod.close();
  });

  it('an unhandled SIGTERM ends node: it is not the init of its namespace', async () => {
    const { exit, output } = await arena.run({
      code: `console.log(process.pid !== 1); process.kill(process.pid, 'SIGTERM'); setInterval(() => 0, 1000)`,
    });
    expect(output).toBe('true\n');
    expect(exit).toMatchObject({ cause: 'exited', code: null, signal: 'SIGTERM' });
  });

  it.each([
    ['exit_137', 'process.exit(137)'],
    ['a SIGKILL of its own', `process.kill(process.pid, 'SIGKILL')`],
  ])('%s is no memory verdict', async (_, code) => {
    const { exit } = await arena.run({ code });
    // bwrap reports both as status 137, which we read as the signal.
    expect(exit).toEqual({ cause: 'exited', code: null, signal: 'SIGKILL', oomKills: 0 });
  });

  it('an exit status is passed on', async () => {
    expect((await arena.run({ code: 'process.exit(42)' })).exit).toMatchObject({ cause: 'exited', code: 42 });
  });

  it('closing its own stdio neither ends nor saves it', async () => {
    const { exit, left } = await arena.run({
      code: `const fs = require('node:fs'); for (const fd of [0, 1, 2]) fs.closeSync(fd); setInterval(() => 0, 1000)`,
      limits: SHORT,
    });
    expect(exit.cause).toBe('timed_out');
    expect(left).toBe(0);
  });

  it('what cannot start is our error, with the reason', async () => {
    const pod = await arena.engine.openPod();
    const app = await pod.addFiles('candidate', [{ path: 'main.js', content: '' }]);
    const spec = {
      part: 'candidate' as const,
      command: ['/usr/bin/node'],
      env: {},
      cwd: '/nowhere',
      mounts: { '/app': app },
    };
    const limits = {
      memoryBytes: 2 ** 27,
      pids: 32,
      cpus: 1,
      outputBytes: 1000,
      tmpBytes: 2 ** 20,
      wallMs: 1000,
    };
    await expect(pod.start({ ...spec, limits })).rejects.toThrow(/did not start: .*\/nowhere/);
    await expect(pod.start({ ...spec, part: 'checks', limits })).rejects.toThrow(/not of its part/);
    await expect(pod.start({ ...spec, mounts: { '/proc/x': app }, limits })).rejects.toThrow(
      /can be mounted/,
    );
    await expect(pod.start({ ...spec, limits: { ...limits, pids: Number.NaN } })).rejects.toThrow(
      /limit pids/,
    );
    await pod.close();
    await pod.close();
    await expect(pod.start({ ...spec, limits })).rejects.toThrow(/closed/);
  });
});
