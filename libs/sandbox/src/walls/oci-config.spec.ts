import { describe, expect, it } from '@jest/globals';
import { ociConfig } from './oci-config.js';
import { seccompProfile } from './seccomp-profile.js';
import type { Launch } from './wall.js';

const launch: Launch = {
  spec: {
    ...{ part: 'candidate', command: ['/usr/bin/node', 'x'], env: { ODD: `$(id)"'` }, cwd: '/app' },
    mounts: { '/app': { hostPath: '/home/x/app' } },
    limits: { memoryBytes: 1, pids: 1, cpus: 1, outputBytes: 1, tmpBytes: 4096, wallMs: 1 },
  },
  ...{ name: 'assay-1-2-3-ab', uid: 1234, folder: '/home/x/wall' },
  root: { path: '/root-of-it', folders: ['usr', 'etc'], links: { bin: 'usr/bin' } },
};

/** What the assertions look at. */
interface Config {
  process: { env: string[]; capabilities: Record<string, string[]>; noNewPrivileges: boolean; user: object };
  root: { readonly: boolean };
  mounts: { destination: string; type: string; options: string[] }[];
  linux: { namespaces: { type: string }[]; uidMappings?: object[] };
}

const configFor = (mapTo: number | null) =>
  ociConfig({
    ...{ launch, rootfs: '/home/x/rootfs', initFile: '/home/x/init', mapTo },
    ...{ seccomp: seccompProfile('x64'), filter: new Uint8Array() },
  }) as Config; // the object that it builds

describe('what an OCI runtime is told', () => {
  const config = configFor(1234);

  it('gives no capability, and no way to gain one', () => {
    expect(Object.values(config.process.capabilities).flat()).toEqual([]);
    expect(config.process).toMatchObject({ noNewPrivileges: true, user: { uid: 1000, gid: 1000 } });
  });

  it('makes all read-only but /tmp and /dev/shm, which have a size and a number of files', () => {
    expect(config.root.readonly).toBe(true);
    const writable = config.mounts.filter(({ type, options }) => type !== 'proc' && !options.includes('ro'));
    expect(writable.map(({ destination }) => destination)).toEqual(['/dev/pts', '/dev/shm', '/tmp']);
    expect(config.mounts.find(({ destination }) => destination === '/tmp')?.options).toEqual(
      expect.arrayContaining(['nosuid', 'nodev', 'size=4096', 'nr_inodes=4']),
    );
  });

  it('names every namespace but the network, which is the one it is started in', () => {
    const names = ({ linux }: Config) => linux.namespaces.map(({ type }) => type).sort();
    expect(names(config)).toEqual(['cgroup', 'ipc', 'mount', 'pid', 'user', 'uts']);
    expect(config.linux.uidMappings).toEqual([{ containerID: 1000, hostID: 1234, size: 1 }]);
    // Started in the container's user namespace, it must not make a second one.
    expect(names(configFor(null))).not.toContain('user');
  });

  it('passes the environment as it is, and nothing else', () => {
    expect(config.process.env).toEqual(['PATH=/usr/bin', 'HOME=/tmp', 'TZ=UTC', `ODD=$(id)"'`]);
  });
});

describe('the filter in the words of libseccomp', () => {
  const { syscalls, defaultAction, defaultErrnoRet } = seccompProfile('x64');
  const rulesFor = (name: string) => syscalls.filter(({ names }) => names.includes(name));

  it('refuses what it does not name, and clone3 as if the kernel did not have it', () => {
    expect([defaultAction, defaultErrnoRet]).toEqual(['SCMP_ACT_ERRNO', 1]);
    for (const name of ['ptrace', 'unshare', 'bpf', 'io_uring_setup', 'mount'])
      expect(rulesFor(name)).toEqual([]);
    expect(rulesFor('clone3')).toEqual([expect.objectContaining({ action: 'SCMP_ACT_ERRNO', errnoRet: 38 })]);
  });

  it('allows clone without new namespaces, and sockets by family and protocol', () => {
    const flags = { index: 0, op: 'SCMP_CMP_MASKED_EQ', value: 0x7e020000, valueTwo: 0 };
    expect(rulesFor('clone')).toEqual([{ names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [flags] }]);
    const pairs = rulesFor('socket').map(({ args }) => args?.map(({ valueTwo }) => valueTwo));
    expect(pairs).toEqual([
      [1, 0],
      [2, 0],
      [2, 6],
      [2, 17],
      [10, 0],
      [10, 6],
      [10, 17],
      [16, 0],
    ]);
  });
});
