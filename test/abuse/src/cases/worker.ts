import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSandboxEngine, EngineUnavailable, type WallName } from '@assay/sandbox';
import type { AbuseCase } from '../abuse-case.js';
import { HOME, hasSaid, openEngine, processesOf, RUNTIME_PACKAGES, until } from '../arena.js';

/** v1: where this process's own cgroup has pids limits, hence where the engine of a child process makes its own. */
const PIDS_ROOT = join(
  '/sys/fs/cgroup/pids',
  /^\d+:pids:(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/',
);
const VICTIM = join(import.meta.dirname, '../../dist/victim-worker.js');

const cgroupsOf = (pid: number | undefined) =>
  readdirSync(PIDS_ROOT).filter((name) => name.startsWith(`assay-${pid}-`));
const foldersOf = (pid: number | undefined) =>
  readdirSync(join(HOME, 'sandbox/owners')).filter((name) => name.startsWith(`${pid}-`));

/** The processes in a worker's cgroups: its sandboxes' and those that wait to become one. */
const pidsOf = (pid: number | undefined) =>
  cgroupsOf(pid).flatMap((path) =>
    readFileSync(join(PIDS_ROOT, path, 'cgroup.procs'), 'utf8')
      .split('\n')
      .filter(Boolean),
  );
const isAlive = (pid: string) => {
  try {
    return !/^State:\t[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
/** The victim's two sandboxes, and what is parked for the next. */
const VICTIM_CGROUPS = 4;

async function startVictim(wall: WallName): Promise<{ worker: ChildProcess; uids: number[] }> {
  const worker = spawn(process.execPath, [VICTIM, wall], { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  const said = await new Promise<string>((resolve, reject) => {
    worker.stdout?.once('data', (chunk) => resolve(String(chunk)));
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
  });
  return { worker, uids: JSON.parse(said).uids };
}

const isGone = (uids: number[]) => uids.every((uid) => processesOf({ uid, folder: '' }).length === 0);

/** Losing the worker, or what it needs. */
export const WORKER_CASES: AbuseCase[] = [
  {
    name: 'worker_crash',
    tries: 'outlives a worker that is killed',
    short: true,
    async run({ wall }) {
      const [crashed, living] = await Promise.all([startVictim(wall), startVictim(wall)]);
      try {
        assert.equal(new Set([...crashed.uids, ...living.uids]).size, 4);
        for (const { worker } of [crashed, living])
          await until(
            () =>
              cgroupsOf(worker.pid).length >= VICTIM_CGROUPS && pidsOf(worker.pid).length > VICTIM_CGROUPS,
            10_000,
          );
        const pids = pidsOf(crashed.worker.pid);

        crashed.worker.kill('SIGKILL');
        await until(() => isGone(crashed.uids) && !pids.some(isAlive), 10_000);

        const log: string[] = [];
        const next = openEngine(wall, log);
        await next.selfTest();
        assert.equal(cgroupsOf(crashed.worker.pid).length, 0);
        assert.equal(foldersOf(crashed.worker.pid).length, 0);
        assert.ok(
          !isGone(living.uids) && cgroupsOf(living.worker.pid).length >= VICTIM_CGROUPS,
          'a living worker was swept',
        );
        await next.close();

        living.worker.kill('SIGKILL');
        await until(() => isGone(living.uids), 10_000);
        return 'its sandboxes die with it; the next engine sweeps, and leaves the living alone';
      } finally {
        for (const { worker } of [crashed, living]) worker.kill('SIGKILL');
      }
    },
  },
  {
    name: 'engine_close',
    tries: 'outlives a worker that ends in order',
    async run(arena) {
      const own = openEngine(arena.wall, []);
      await own.selfTest();
      const pod = await own.openPod();
      const container = await arena.start(pod, { code: `console.log('up'); setInterval(() => 0, 1000)` });
      await hasSaid(container, 'up');
      const others = pidsOf(process.pid); // of the arena's own engine, and of this one
      await own.close();
      assert.equal((await container.exited).cause, 'killed');
      await until(() => processesOf(container).length === 0, 2_000);
      assert.ok(others.filter(isAlive).length < others.length);
      await assert.rejects(own.openPod(), /closed/);
      return 'neither process, cgroup nor folder is left';
    },
  },
  {
    name: 'engine_missing',
    tries: 'a machine without cgroups, or without bubblewrap',
    short: true,
    async run({ wall }) {
      const reasons: string[] = [];
      for (const host of [
        { cgroup: { root: '/nothing', self: '/proc/self/cgroup' } },
        { toolFolders: ['/nothing'] },
      ]) {
        const engine = createSandboxEngine({ wall, home: HOME, runtimePackages: RUNTIME_PACKAGES, host });
        await assert.rejects(engine.selfTest(), (error: unknown) => {
          assert.ok(error instanceof EngineUnavailable);
          reasons.push(error.missing[0] ?? '');
          return true;
        });
        await assert.rejects(engine.openPod(), /no pod before the self-test/);
        await engine.close();
      }
      return `refuses to grade: ${reasons.join('; ')}`;
    },
  },
];
