import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EngineReport, Exit, Usage } from './engine.js';

/** Nobody's: whatever runs under it is of this spec. */
const UID = 1_999_000_000 + process.pid;
const checkout = join(import.meta.dirname, '../../..');

/** What the worker below says, a JSON line for each. */
interface Said {
  report?: EngineReport;
  missing?: string;
  ended?: Exit;
  output?: string;
  usage?: Usage;
  wasSignalled?: boolean;
}

/** A worker: `argv` = home, what to do there, where its tools are. It stays until it is killed. */
const WORKER = `
import { createSandboxEngine } from './sandbox/dist/index.js';
const [home, task, ...toolFolders] = process.argv.slice(2);
const say = (said) => console.log(JSON.stringify(said));
const host = toolFolders.length > 0 ? { toolFolders } : undefined;
const engine = createSandboxEngine({ home, runtimePackages: 'runtime/node_modules', readyPods: 1, host });
const report = await engine.selfTest().catch((error) => say({ missing: error.message }));
if (report) say({ report });
if (report && task) {
  const pod = await engine.openPod();
  const app = await pod.addFiles('candidate', [{ path: 'a/main.js', content: task }]);
  await pod.fill(app, [{ path: 'a/more.js', content: 'console.log("more")' }]);
  const limits = { memoryBytes: 2 ** 27, pids: 32, cpus: 1, outputBytes: 2 ** 16, tmpBytes: 2 ** 20, wallMs: 60_000 };
  const command = ['/usr/bin/node', '--max-old-space-size=64', '/app/a/main.js'];
  const container = await pod.start({ part: 'candidate', command, env: {}, cwd: '/app', mounts: { '/app': app }, limits });
  void container.exited.then((ended) => say({ ended, output: container.outputTail() }));
  container.stdout.once('data', () => say({ usage: container.usage() }));
  process.stdin.once('data', () => say({ wasSignalled: container.signal('SIGUSR2') }));
}
setInterval(() => 0, 1000);`;

let scratch: string;
const workers: ChildProcess[] = [];
beforeAll(() => {
  // Copied: that user may not be able to enter the checkout.
  scratch = mkdtempSync(join(tmpdir(), 'assay-without-root-'));
  for (const part of ['dist', 'package.json'])
    cpSync(join(checkout, 'libs/sandbox', part), join(scratch, 'sandbox', part), { recursive: true });
  cpSync(join(checkout, 'content/runtime'), join(scratch, 'runtime'), { recursive: true });
  writeFileSync(join(scratch, 'worker.mjs'), WORKER);
  execFileSync('chown', ['-R', `${UID}:${UID}`, scratch]);
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await waitFor('every process of the user to be gone', () => processesOfUser().length === 0);
  rmSync(scratch, { recursive: true });
});

/** Starts one; `next` gives what it says next of that name. */
function startWorker(task: string, toolFolders: readonly string[] = []) {
  const user = [`--reuid=${UID}`, `--regid=${UID}`, '--clear-groups'];
  const args = ['worker.mjs', join(scratch, 'home'), task, ...toolFolders];
  const worker = spawn('setpriv', [...user, '--', process.execPath, ...args], {
    cwd: scratch,
    env: {},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  workers.push(worker);
  const lines = createInterface(worker.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<Said> => JSON.parse((await lines.next()).value ?? '{}');
  return { worker, next };
}

/** Its living processes, as the host sees them. */
const processesOfUser = (): string[] =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      return status.includes(`\nUid:\t${UID}\t`) && !/^State:\t[ZX]/m.test(status);
    } catch {
      return false; // ended since it was listed
    }
  });

const STUBBORN = `
  for (const s of ['SIGTERM', 'SIGHUP', 'SIGPIPE']) process.on(s, () => 0);
  process.on('SIGUSR2', () => { console.log('signalled'); process.exit(7); });
  require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 100)'], { detached: true, stdio: 'ignore' })
    .once('spawn', () => console.log('up'));
  setInterval(() => 0, 100);`;

describe('a worker that is an ordinary user', () => {
  it('holds the walls, and says what holds more weakly', async () => {
    const { report } = await startWorker('').next();
    expect(report?.limits).toBe('rlimits');
    for (const guarantee of [
      'system calls are filtered',
      'no network but its own loopback',
      'the memory of a process is limited',
    ])
      expect(report?.guarantees).toContain(guarantee);
    expect(report?.guarantees).not.toContain('CPU time is limited');
    expect(report?.degraded.join()).toMatch(
      /memory is limited for each process.*CPU time is not limited.*share one user/,
    );
  });

  it('sees, signals and ends all that a container runs', async () => {
    const { worker, next } = startWorker(STUBBORN);
    await next();
    const { usage } = await next();
    expect(usage?.processes).toBe(2);
    expect(usage?.rssAnonBytes).toBeGreaterThan(2 ** 20);
    worker.stdin.write('signal\n');
    const said = [await next(), await next()];
    expect(said).toContainEqual({ wasSignalled: true });
    // Its detached descendant did not keep it.
    expect(said).toContainEqual({
      ended: { cause: 'exited', code: 7, signal: null, oomKills: 0 },
      output: 'up\nsignalled\n',
    });
  });

  it('refuses a process more memory than its limit', async () => {
    const { next } = startWorker(
      `const kept = []; console.log('up'); for (;;) kept.push(Buffer.alloc(2 ** 22, 1));`,
    );
    await next();
    const said = [await next(), await next()];
    const ended = said.find((one) => one.ended)?.ended;
    expect(ended?.cause).toBe('exited');
    expect(ended?.code).not.toBe(0);
  });

  it('takes everything along when it is killed', async () => {
    const { worker, next } = startWorker(STUBBORN);
    await next();
    await next();
    for (const other of workers) if (other !== worker) other.kill('SIGKILL');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await waitFor('every process of the user to be gone', () => processesOfUser().length === 0);
  });

  it.each([
    ['the syscall filter', 'bwrap', without('--seccomp) skip=1'), /the filter lets system calls through/],
    ['a pid namespace', 'bwrap', without('--unshare-pid)'), /sees other processes|did not start/],
    [
      'a network of its own',
      'nsenter',
      '#!/bin/sh\nexec /usr/bin/nsenter "$1" "$2" "${@:4}"',
      /has a network/,
    ],
    [
      'a memory limit',
      'setpriv',
      '#!/bin/bash\nexec /usr/bin/setpriv "${@//ulimit -d/: }"',
      /beyond its memory limit/,
    ],
    [
      'a limit of processes',
      'setpriv',
      '#!/bin/bash\nexec /usr/bin/setpriv "${@//ulimit -p/: }"',
      /a limit of 32 processes/,
    ],
  ])('refuses to work without %s', async (name, tool, script, reason) => {
    const folder = join(scratch, name.replaceAll(' ', '-'));
    mkdirSync(folder, { mode: 0o755 });
    for (const one of ['bwrap', 'nsenter', 'setpriv', 'taskset', 'ldd', 'sh', 'bash'])
      if (one === tool)
        writeFileSync(join(folder, one), script.replace('#!/bin/sh', '#!/bin/bash'), { mode: 0o755 });
      else symlinkSync(`/usr/bin/${one}`, join(folder, one));
    const { missing } = await startWorker('', [folder]).next();
    expect(missing).toMatch(reason);
  });
});

/** bwrap with some of its options taken away. */
function without(pattern: string): string {
  return `#!/bin/bash
    if [ "$1" != --args ]; then exec /usr/bin/bwrap "$@"; fi
    shift 2
    mapfile -d '' -t options <&4
    kept=()
    skip=0
    for option in "\${options[@]}"; do
      if [ $skip -gt 0 ]; then skip=$((skip - 1)); continue; fi
      case "$option" in ${pattern} ;; *) kept+=("$option") ;; esac
    done
    exec 4< <(printf '%s\\0' "\${kept[@]}")
    exec /usr/bin/bwrap --args 4 "$@"`;
}
