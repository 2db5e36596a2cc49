import assert from 'node:assert/strict';
import type { AbuseCase } from '../abuse-case.js';
import { hasSaid, LIMITS, MIB, processesLeftOf, processesOf } from '../arena.js';

const SHORT = { wallMs: 400 };

/** Ends by the wall clock, whatever it does against that, and leaves nothing. */
const neverEnds = (name: string, tries: string, code: string): AbuseCase => ({
  name,
  tries,
  async run(arena) {
    const { exit, left } = await arena.run({ code, limits: SHORT });
    assert.deepEqual([exit.cause, exit.signal, exit.oomKills, left], ['timed_out', 'SIGKILL', 0, 0]);
    return 'ended by the time limit, 0 processes left';
  },
});

/** Outnumbering us, and outstaying its welcome. */
export const PROCESS_CASES: AbuseCase[] = [
  {
    name: 'fork_bomb',
    tries: 'starts 300 children, then forks without end',
    short: true,
    async run(arena) {
      const pod = await arena.engine.openPod();
      try {
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
        const { cause, code } = await bomb.exited;
        assert.deepEqual([cause, code], ['exited', 0]);
        const { refused, started } = JSON.parse(bomb.outputTail());
        assert.ok(refused > 250 && started < LIMITS.pids, `${started} were started`);
        const next = await arena.start(pod, { code: 'console.log("alive")' });
        await next.exited;
        assert.equal(next.outputTail(), 'alive\n', 'the pod does not survive');

        const endless = await arena.run({
          sh: 'bomb() { bomb & bomb; }; while :; do bomb & done 2>/dev/null',
          limits: { wallMs: 500 },
        });
        assert.match(endless.exit.cause, /timed_out|exited/);
        assert.equal(endless.left, 0);
        return `${started} of 300 children, the rest refused; 0 processes left`;
      } finally {
        await pod.close();
      }
    },
  },
  {
    name: 'thread_bomb',
    tries: 'starts 60 threads',
    async run(arena) {
      const { exit, output, left } = await arena.run({
        code: `const { Worker } = require('node:worker_threads');
          process.on('uncaughtException', (error) => { console.log('refused', error.code); process.exit(3); });
          let online = 0;
          for (let i = 0; i < 60; i++) new Worker('setInterval(() => 0, 1000)', { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } })
            .on('online', () => { if (++online === 60) { console.log('all run'); process.exit(0); } });`,
        limits: { memoryBytes: 1024 * MIB, wallMs: 4_000 },
      });
      // node itself may abort when a thread of its own is refused: either way the kernel's limit held.
      assert.notDeepEqual([exit.code, exit.signal], [0, null]);
      assert.equal(exit.cause, 'exited');
      assert.match(output, /refused|EAGAIN|Assertion|ERR_WORKER/);
      assert.equal(left, 0);
      return 'refused beyond the limit of processes';
    },
  },
  {
    name: 'zombie_bomb',
    tries: 'leaves dead children uncollected',
    async run(arena) {
      // A shell that has become another program collects nobody: its dead children keep their place.
      const { exit, left } = await arena.run({
        sh: 'i=0; while [ $i -lt 200 ]; do (exit 0) & i=$((i+1)); done 2>/dev/null; exec /usr/bin/node -e "setTimeout(() => 0, 200)"',
        limits: SHORT,
      });
      assert.match(exit.cause, /exited|timed_out/);
      assert.equal(left, 0);
      return 'counted as processes, collected at the end';
    },
  },
  neverEnds('spin', 'computes for ever', 'for (;;);'),
  neverEnds(
    'trap_term',
    'ignores every signal that can be ignored',
    `for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => 0); setInterval(() => 0, 1000)`,
  ),
  neverEnds('sigstop_self', 'stops itself', `process.kill(process.pid, 'SIGSTOP')`),
  neverEnds(
    'stop_parent',
    'stops the init of its sandbox',
    `try { process.kill(1, 'SIGSTOP') } catch {} setInterval(() => 0, 1000)`,
  ),
  neverEnds(
    'close_stdio',
    'closes its own stdio, to look as if it had ended',
    `const fs = require('node:fs'); for (const fd of [0, 1, 2]) fs.closeSync(fd); setInterval(() => 0, 1000)`,
  ),
  {
    name: 'daemon_double_fork',
    tries: 'leaves descendants in sessions of their own',
    short: true,
    async run(arena) {
      const { exit, output, left } = await arena.run({
        code: `const { spawn } = require('node:child_process');
          const daemon = spawn(process.execPath, ['-e',
            "const { spawn } = require('node:child_process'); spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => 0, 1000)'], { detached: true, stdio: 'inherit' }); setInterval(() => 0, 1000)"
          ], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
          daemon.stdout.once('data', () => { console.log('both run'); process.exit(0); });`,
      });
      assert.deepEqual([exit.cause, exit.code, output, left], ['exited', 0, 'both run\n', 0]);
      return '0 processes left';
    },
  },
  {
    name: 'kill_all',
    tries: 'kill(-1), and signals to process 1',
    short: true,
    async run(arena) {
      const pod = await arena.engine.openPod();
      try {
        const other = await arena.start(pod, {
          part: 'checks',
          code: `console.log('up'); setInterval(() => 0, 1000)`,
        });
        await hasSaid(other, 'up');
        const victim = await arena.start(pod, {
          code: `for (const s of ['SIGSTOP', 'SIGKILL', 'SIGTERM']) try { process.kill(1, s) } catch {}
            try { process.kill(-1, 'SIGKILL') } catch {}
            setInterval(() => 0, 1000);`,
          limits: SHORT,
        });
        assert.match((await victim.exited).cause, /exited|timed_out/);
        assert.equal(await processesLeftOf(victim), 0);
        assert.ok(processesOf(other).length > 0, 'the other container was killed');
        return 'nobody outside was reached';
      } finally {
        await pod.close();
      }
    },
  },
  {
    name: 'hold_port',
    tries: 'a detached child keeps the port for the next server',
    async run(arena) {
      const pod = await arena.engine.openPod();
      try {
        const holder = await arena.start(pod, {
          code: `const { spawn } = require('node:child_process');
            spawn(process.execPath, ['-e', "require('net').createServer().listen(3000, '127.0.0.1', () => console.log('held'))"],
              { detached: true, stdio: ['ignore', 'inherit', 'ignore'] }); setInterval(() => 0, 1000)`,
        });
        await hasSaid(holder, 'held');
        await holder.kill();
        const next = await arena.start(pod, {
          code: `require('net').createServer().listen(3000, '127.0.0.1', () => { console.log('free'); process.exit() })`,
        });
        await next.exited;
        assert.equal(next.outputTail(), 'free\n');
        return 'the port is free as soon as the container has ended';
      } finally {
        await pod.close();
      }
    },
  },
  {
    name: 'exit_137',
    tries: 'an exit status that looks like a memory kill',
    async run(arena) {
      for (const code of ['process.exit(137)', `process.kill(process.pid, 'SIGKILL')`]) {
        const { exit } = await arena.run({ code });
        assert.deepEqual([exit.cause, exit.oomKills], ['exited', 0]);
      }
      return 'no memory verdict: that comes from the kernel alone';
    },
  },
];
