import assert from 'node:assert/strict';
import { type ProbeCall, rawProgramX64, readProbeResults, syscallProbe } from '@assay/sandbox';
import type { AbuseCase } from '../abuse-case.js';

/** Runs the program in PROBE, which makes system calls of its choice and prints their answers. */
const RUN_PROGRAM = `const { spawnSync } = require('node:child_process');
  fs.writeFileSync('/tmp/program', Buffer.from(process.env.PROGRAM, 'base64'), { mode: 0o500 });
  const { stdout, signal, status } = spawnSync('/tmp/program');
  say({ stdout: stdout.toString('base64'), signal, status });`;

/** Number of each call on x86-64, and its first arguments. */
const CALLS: Record<string, ProbeCall> = {
  ptrace: [101],
  process_vm_readv: [310, 1],
  io_uring_setup: [425, 1],
  keyctl: [250],
  add_key: [248],
  request_key: [249],
  userfaultfd: [323],
  bpf: [321],
  perf_event_open: [298],
  personality: [135, 0x0040000],
  mount: [165],
  umount2: [166],
  pivot_root: [155],
  chroot: [161],
  setns: [308],
  unshare_user: [272, 0x10000000],
  unshare_net: [272, 0x40000000],
  clone_user: [56, 0x10000011],
  clone3: [435],
  open_by_handle_at: [304],
  name_to_handle_at: [303],
  mknod_device: [133, 0, 0o020666, 0x0103],
  memfd_secret: [447],
  pidfd_getfd: [438],
  kcmp: [312],
  init_module: [175],
  kexec_load: [246],
  reboot: [169],
  swapon: [167],
  sethostname: [170],
  settimeofday: [164],
  acct: [163],
  quotactl: [179],
  iopl: [172, 3],
  fsopen: [430],
  move_mount: [429],
  open_tree: [428],
  socket_vsock: [41, 40, 1, 0],
  socket_packet: [41, 17, 3, 0],
  socket_raw: [41, 2, 3, 1],
  socket_netfilter: [41, 16, 3, 12],
  socket_alg: [41, 38, 5, 0],
};
/** EPERM, ENOSYS, EAFNOSUPPORT, EACCES, EINVAL (a flag of clone that is not asked for). */
const REFUSALS = [-1, -38, -97, -13];

const programOf = (calls: readonly ProbeCall[]) => base64(syscallProbe('x64', calls));
const base64 = (program: Uint8Array) => Buffer.from(program).toString('base64');

interface Ran {
  stdout: string;
  signal: string | null;
  status: number | null;
}

/** Gaining privileges, and talking to parts of the kernel that no server needs. */
export const PRIVILEGE_CASES: AbuseCase[] = [
  {
    name: 'syscalls',
    tries: 'system calls that no server needs',
    short: true,
    async run(arena) {
      const calls = Object.entries(CALLS);
      const { stdout } = await arena.ask<Ran>(RUN_PROGRAM, {
        env: { PROGRAM: programOf(calls.map(([, call]) => call)) },
      });
      const answers = readProbeResults(Buffer.from(stdout, 'base64'));
      assert.equal(answers.length, calls.length, 'the program did not run to its end');
      const allowed = calls.filter(([,], at) => !REFUSALS.includes(answers[at] ?? 0));
      assert.deepEqual(
        allowed.map(([name]) => name),
        [],
        'not refused',
      );
      return `${calls.length} calls, each refused`;
    },
  },
  {
    name: 'int80',
    tries: 'the system calls of 32 bits, past a filter of 64',
    short: true,
    async run(arena) {
      const getpid32 = [0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05]; // getpid, then exit(0)
      const { signal, status } = await arena.ask<Ran>(RUN_PROGRAM, {
        env: { PROGRAM: base64(rawProgramX64(getpid32)) },
      });
      assert.deepEqual([signal, status], ['SIGSYS', null]);
      return 'SIGSYS';
    },
  },
  {
    name: 'x32',
    tries: 'the system calls of the x32 interface',
    async run(arena) {
      const { stdout } = await arena.ask<Ran>(RUN_PROGRAM, {
        env: { PROGRAM: programOf([[0x40000000 + 39]]) },
      });
      const answers = readProbeResults(Buffer.from(stdout, 'base64'));
      assert.ok(answers.length === 0 || REFUSALS.includes(answers[0] ?? 0));
      return answers.length === 0 ? 'killed' : `answer ${answers[0]}`;
    },
  },
  {
    name: 'userns_nested',
    tries: 'capabilities in a user namespace of its own',
    short: true,
    async run(arena) {
      const { stdout } = await arena.ask<Ran>(RUN_PROGRAM, {
        env: {
          PROGRAM: programOf([
            [272, 0x10000000],
            [272, 0x7e020000],
            [56, 0x10000011],
            [56, 0x30020011],
          ]),
        },
      });
      const answers = readProbeResults(Buffer.from(stdout, 'base64'));
      for (const answer of answers) assert.equal(answer, -1);
      assert.ok(answers.length > 0);
      return 'EPERM';
    },
  },
  {
    name: 'setuid_bins',
    tries: 'programs that give privileges, and becoming root',
    short: true,
    async run(arena) {
      const seen = await arena.ask<Record<string, unknown>>(`const found = [];
        const walk = (folder) => { for (const entry of fs.readdirSync(folder || '/', { withFileTypes: true })) { const path = folder + '/' + entry.name;
          if (['/proc', '/dev'].includes(path)) continue;
          if (entry.isDirectory()) walk(path); else if (entry.isFile() && fs.statSync(path).mode & 0o6000) found.push(path); } };
        walk('');
        const status = fs.readFileSync('/proc/self/status', 'utf8'); const field = (name) => new RegExp(name + ':\\\\t(\\\\w+)').exec(status)[1];
        say({ found, uid: process.getuid() > 0, groups: process.getgroups().filter((group) => group !== process.getgid()), root: attempt(() => process.setuid(0)) === 'done',
          caps: ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map(field).join(), privs: field('NoNewPrivs'), seccomp: field('Seccomp') })`);
      const none = '0000000000000000';
      assert.deepEqual(seen, {
        ...{ found: [], uid: true, groups: [], root: false },
        ...{ caps: [none, none, none, none, none].join(), privs: '1', seccomp: '2' },
      });
      return '0 capabilities, no_new_privs';
    },
  },
  {
    name: 'mknod',
    tries: 'device files, and the devices that are there',
    async run(arena) {
      const { stdout } = await arena.ask<Ran>(
        `const { spawnSync } = require('node:child_process'); fs.writeFileSync('/tmp/program', Buffer.from(process.env.PROGRAM, 'base64'), { mode: 0o500 }); spawnSync('/tmp/program');
         say({ stdout: fs.readdirSync('/dev').filter((name) => { const entry = fs.lstatSync('/dev/' + name); return entry.isBlockDevice() || entry.isCharacterDevice(); }).sort().join(), signal: null, status: null })`,
        {
          env: {
            PROGRAM: programOf([
              [133, 0, 0o060666, 0xfe00],
              [259, 0, 0, 0o020666, 0x0101],
            ]),
          },
        },
      );
      const devices = stdout.split(',');
      const harmless = ['console', 'full', 'null', 'ptmx', 'random', 'tty', 'urandom', 'zero'];
      assert.deepEqual(
        devices.filter((name) => !harmless.includes(name)),
        [],
      );
      return devices.join(' ');
    },
  },
];
