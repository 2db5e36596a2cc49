import { describe, expect, it } from '@jest/globals';
import { bubblewrapCommand } from './bubblewrap.js';
import type { Launch } from './wall.js';

const tool = (name: string) => `/usr/bin/${name}`;
const tools = {
  ...{ bwrap: tool('bwrap'), nsenter: tool('nsenter'), setpriv: tool('setpriv') },
  ldd: tool('ldd'),
  taskset: tool('taskset'),
  sh: tool('sh'),
  bash: tool('bash'),
};
const EVIL = `$(id)'";\n--bind`;

const launch: Launch = {
  spec: {
    part: 'candidate',
    command: ['/usr/bin/node', EVIL],
    env: { EVIL },
    cwd: '/app',
    mounts: { '/app': { hostPath: '/home/x/app' } },
    limits: { memoryBytes: 1, pids: 1, cpus: 1, outputBytes: 1, tmpBytes: 4097, wallMs: 1 },
  },
  ...{ name: 'assay-1-2-3-ab', uid: 1234, folder: '/home/x/wall' },
  root: { path: '/root-of-it', folders: ['usr', 'etc'], links: { bin: 'usr/bin' } },
};
const { argv, ulimits, options } = bubblewrapCommand(tools, launch);
const optionList = options.split('\0');

describe('what bubblewrap is told', () => {
  it('passes what it is given as arguments of their own', () => {
    expect(argv.filter((argument) => argument.includes('$(id)'))).toEqual([EVIL]);
    expect(argv.at(-1)).toBe(EVIL);
  });

  it('drops to its uid and limits before bwrap', () => {
    expect(ulimits).toBe('-c 0 -n 256 -f 5 -l 64 -q 0');
    for (const needed of ['--reuid=1234', '--no-new-privs', '--clear-groups', '--regid=1234'])
      expect(argv.slice(0, argv.indexOf(tools.bwrap))).toContain(needed);
  });

  it('gives bwrap every wall, and keeps paths and environment off its command line', () => {
    for (const wall of ['user', 'ipc', 'pid', 'uts', 'cgroup'])
      expect(optionList).toContain(`--unshare-${wall}`);
    for (const option of [
      '--disable-userns',
      '--die-with-parent',
      '--new-session',
      '--clearenv',
      '--seccomp',
    ])
      expect(optionList).toContain(option);
    expect(optionList[optionList.indexOf('EVIL') + 1]).toBe(EVIL);
    expect(argv.join(' ')).not.toContain('/home/x');
    // Only after the last mount can the root be closed.
    expect(optionList.lastIndexOf('--ro-bind')).toBeLessThan(optionList.indexOf('--remount-ro'));
  });
});
