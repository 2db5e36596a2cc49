import { describe, expect, it } from '@jest/globals';
import type { Cgroup } from './cgroup/cgroup.js';
import { bwrapOptions, type Launch, launchCommand } from './launch-command.js';

const tool = (name: string) => `/usr/bin/${name}`;
const tools = {
  ...{ bwrap: tool('bwrap'), nsenter: tool('nsenter'), setpriv: tool('setpriv'), prlimit: tool('prlimit') },
  ldd: tool('ldd'),
  sh: tool('sh'),
  bash: tool('bash'),
};
const cgroup = { procsFiles: ['/c/memory/procs', '/c/pids/procs'] } as Partial<Cgroup> as Cgroup; // all that is used
const EVIL = `$(id)'";\n--bind`;

const launch: Launch = {
  spec: {
    part: 'candidate',
    command: ['/usr/bin/node', EVIL],
    env: { EVIL },
    cwd: '/app',
    mounts: { '/app': { hostPath: '/home/x/app' } },
    limits: { memoryBytes: 1, pids: 1, cpus: 1, outputBytes: 1, tmpBytes: 4096, wallMs: 1 },
  },
  ...{ tools, cgroup, uid: 1234, network: '/proc/1/fd/20', seccompFile: '/f.bpf' },
  root: { path: '/root-of-it', folders: ['usr', 'etc'], links: { bin: 'usr/bin' } },
};

describe('the launch', () => {
  it('passes what it is given as arguments of their own', () => {
    const command = launchCommand(launch);
    expect(command.filter((argument) => argument.includes('$(id)'))).toEqual([EVIL]);
    expect(command.at(-1)).toBe(EVIL);
  });

  it('drops to its uid after the network and before bwrap', () => {
    const command = launchCommand(launch);
    const at = (text: string) => command.indexOf(text);
    expect(at(tools.nsenter)).toBeLessThan(at('--reuid=1234'));
    expect(at('--reuid=1234')).toBeLessThan(at(tools.bwrap));
    for (const needed of ['--no-new-privs', '--clear-groups', '--regid=1234', '--core=0', '--fsize=4096'])
      expect(command).toContain(needed);
  });

  it('gives bwrap every wall, and keeps paths and environment off its command line', () => {
    const options = bwrapOptions(launch).split('\0');
    for (const wall of ['user', 'ipc', 'pid', 'uts', 'cgroup'])
      expect(options).toContain(`--unshare-${wall}`);
    for (const option of [
      '--disable-userns',
      '--die-with-parent',
      '--new-session',
      '--clearenv',
      '--seccomp',
    ])
      expect(options).toContain(option);
    expect(options[options.indexOf('EVIL') + 1]).toBe(EVIL);
    expect(launchCommand(launch).join(' ')).not.toContain('/home/x');
    // Only after the last mount can the root be closed.
    expect(options.lastIndexOf('--ro-bind')).toBeLessThan(options.indexOf('--remount-ro'));
  });
});
