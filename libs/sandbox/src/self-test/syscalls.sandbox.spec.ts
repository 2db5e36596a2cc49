import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SandboxEngine } from '../engine.js';
import { createSandboxEngine } from '../sandbox-engine.js';
import { type ProbeCall, rawProgramX64, readProbeResults, syscallProbe } from './syscall-probe.js';

const EPERM = -1;
const ENOSYS = -38;
/** The numbers and instructions below are those of x86-64; elsewhere the suite says so by failing. */
const arch = 'x64';

/** Runs as node in the sandbox, whose /tmp is the only place where a program can be put. */
const RUN_PROBE = `
  const fs = require('node:fs'), { spawnSync } = require('node:child_process');
  fs.writeFileSync('/tmp/probe', Buffer.from(process.env.PROBE, 'base64'), { mode: 0o500 });
  const { stdout, signal, status } = spawnSync('/tmp/probe');
  console.log(JSON.stringify({ stdout: stdout.toString('base64'), signal, status }));`;

describe('real system calls against the real filter', () => {
  let engine: SandboxEngine;
  beforeAll(async () => {
    const runtimePackages = join(import.meta.dirname, '../../../../content/runtime/node_modules');
    engine = createSandboxEngine({ home: '/var/lib/assay-abuse-test', runtimePackages });
    await engine.selfTest();
  });
  afterAll(() => engine.close());

  const run = async (program: Uint8Array) => {
    const pod = await engine.openPod();
    try {
      const container = await pod.start({
        part: 'candidate',
        command: ['/usr/bin/node', '-e', RUN_PROBE],
        env: { PROBE: Buffer.from(program).toString('base64') },
        cwd: '/',
        mounts: {},
        limits: { memoryBytes: 2 ** 27, pids: 32, cpus: 1, outputBytes: 1e5, tmpBytes: 1e6, wallMs: 5_000 },
      });
      await container.exited;
      return JSON.parse(container.outputTail());
    } finally {
      await pod.close();
    }
  };

  it('syscalls, userns_nested, mknod: EPERM, or ENOSYS for clone3 and what is newer', async () => {
    const NEWUSER = 0x10000000;
    const calls: [string, ProbeCall, number][] = [
      ['ptrace', [101], EPERM],
      ['process_vm_readv', [310, 1], EPERM],
      ['io_uring_setup', [425, 1], EPERM],
      ['keyctl', [250], EPERM],
      ['add_key', [248], EPERM],
      ['userfaultfd', [323], EPERM],
      ['bpf', [321], EPERM],
      ['perf_event_open', [298], EPERM],
      ['personality', [135, 0x0040000], EPERM],
      ['mount', [165], EPERM],
      ['umount2', [166], EPERM],
      ['pivot_root', [155], EPERM],
      ['chroot', [161], EPERM],
      ['setns', [308, 0, 0], EPERM],
      ['unshare a user namespace', [272, NEWUSER], EPERM],
      ['clone a user namespace', [56, NEWUSER | 17], EPERM],
      ['clone3', [435, 0, 88], ENOSYS],
      ['mknod', [133], EPERM],
      ['open_by_handle_at', [304], EPERM],
      ['pidfd_getfd', [438], EPERM],
      ['kcmp', [312], EPERM],
      ['sched_setaffinity', [203], EPERM],
      ['memfd_secret', [447], EPERM],
      ['fsopen', [430], EPERM],
      ['reboot', [169], EPERM],
      ['init_module', [175], EPERM],
      ['AF_VSOCK', [41, 40, 1, 0], EPERM],
      ['AF_PACKET', [41, 17, 3, 0], EPERM],
      ['AF_ALG', [41, 38, 5, 0], EPERM],
      ['netlink netfilter', [41, 16, 3, 12], EPERM],
      ['sctp', [41, 2, 1, 132], EPERM],
      ['a raw socket', [41, 2, 3, 6], EPERM],
      ['a call of the future', [900], ENOSYS],
    ];
    const { stdout } = await run(
      syscallProbe(
        arch,
        calls.map(([, call]) => call),
      ),
    );
    const answers = readProbeResults(Buffer.from(stdout, 'base64'));
    expect(calls.map(([name], index) => [name, answers[index]])).toEqual(
      calls.map(([name, , answer]) => [name, answer]),
    );
  });

  it('the probe itself works: allowed calls succeed', async () => {
    const { stdout } = await run(syscallProbe(arch, [[39], [41, 1, 1, 0], [102]]));
    const [pid, socket, uid] = readProbeResults(Buffer.from(stdout, 'base64'));
    expect(pid).toBeGreaterThan(1);
    expect(socket).toBe(3);
    expect(uid).toBe(1000);
  });

  const EXIT = [0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05];

  it('int80: the 32-bit door kills', async () => {
    const getpid = [0xb8, 20, 0, 0, 0, 0xcd, 0x80];
    expect(await run(rawProgramX64([...getpid, ...EXIT]))).toMatchObject({ signal: 'SIGSYS' });
  });

  it('the x32 ABI kills', async () => {
    const getpid = [0xb8, 39, 0, 0, 0x40, 0x0f, 0x05];
    expect(await run(rawProgramX64([...getpid, ...EXIT]))).toMatchObject({ signal: 'SIGSYS' });
    expect(await run(rawProgramX64(EXIT))).toMatchObject({ signal: null, status: 0 });
  });
});
