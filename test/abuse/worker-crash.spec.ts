import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Arena, HOME, hasSaid, openArena, processesOf, RUNTIME_PACKAGES, until } from './arena.js';

/** v1: where this process's own cgroup has pids limits, hence where the engine of a child process makes its own. */
const PIDS_ROOT = '/sys/fs/cgroup/pids';

const cgroupsOf = (pid: number | undefined) =>
  readdirSync(PIDS_ROOT, { recursive: true, encoding: 'utf8' }).filter((path) =>
    basename(path).startsWith(`assay-${pid}-`),
  );
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
/** Two sandboxes, and two launchers parked for the next. */
const CGROUPS = 4;

async function startWorker(): Promise<{ worker: ChildProcess; uids: number[] }> {
  const worker = spawn(
    process.execPath,
    [join(import.meta.dirname, 'worker-process.mjs'), HOME, RUNTIME_PACKAGES],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {},
    },
  );
  const said = await new Promise<string>((resolve, reject) => {
    worker.stdout?.once('data', (chunk) => resolve(String(chunk)));
    worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
  });
  return { worker, uids: JSON.parse(said).uids };
}

describe('worker_crash', () => {
  let arena: Arena;
  const workers: ChildProcess[] = [];
  beforeAll(async () => {
    arena = await openArena();
  });
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await arena.close();
  });

  it('SIGKILL of a worker: its sandboxes die with it, the next engine sweeps, the living are left alone', async () => {
    const [crashed, living] = await Promise.all([startWorker(), startWorker()]);
    workers.push(crashed.worker, living.worker);
    expect(new Set([...crashed.uids, ...living.uids]).size).toBe(4);
    for (const uid of [...crashed.uids, ...living.uids])
      expect(processesOf(uid).length).toBeGreaterThanOrEqual(2);
    for (const { worker } of [crashed, living])
      await until(
        () => cgroupsOf(worker.pid).length === CGROUPS && pidsOf(worker.pid).length > CGROUPS,
        10_000,
      );
    const pids = pidsOf(crashed.worker.pid);

    crashed.worker.kill('SIGKILL');
    await until(() => crashed.uids.every((uid) => processesOf(uid).length === 0), 10_000);
    await until(() => !pids.some(isAlive), 10_000);

    const next = await openArena();
    expect(cgroupsOf(crashed.worker.pid)).toEqual([]);
    expect(foldersOf(crashed.worker.pid)).toEqual([]);
    expect(next.log.join('\n')).toContain(`dead process ${crashed.worker.pid}-`);

    expect(cgroupsOf(living.worker.pid).length).toBe(CGROUPS);
    for (const uid of living.uids) expect(processesOf(uid).length).toBeGreaterThanOrEqual(2);
    await next.close();
    living.worker.kill('SIGKILL');
    await until(() => living.uids.every((uid) => processesOf(uid).length === 0), 10_000);
  }, 40_000);

  it('closing an engine leaves neither process, cgroup nor pod folder', async () => {
    const own = await openArena();
    const pod = await own.engine.openPod();
    const container = await own.start(pod, { code: `console.log('up'); setInterval(() => 0, 1000)` });
    await hasSaid(container, 'up');
    await until(() => cgroupsOf(process.pid).length === 3, 5_000); // with two parked launchers
    const pids = pidsOf(process.pid);
    await own.close();
    expect(await container.exited).toMatchObject({ cause: 'killed' });
    expect(cgroupsOf(process.pid)).toEqual([]);
    await until(() => !pids.some(isAlive), 500);
    await until(() => processesOf(container.uid).length === 0, 500);
    await expect(own.engine.openPod()).rejects.toThrow(/closed/);
  });
});
