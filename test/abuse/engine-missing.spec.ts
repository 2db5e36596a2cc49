import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandboxEngine, EngineUnavailable, type SandboxOptions } from '@assay/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOME, RUNTIME_PACKAGES } from './src/arena.js';

describe('engine_missing: no guarantee, no grading', () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'assay-missing-'));
    chmodSync(scratch, 0o755);
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  const reasons = async (options: Partial<SandboxOptions>): Promise<string> => {
    const engine = createSandboxEngine({ home: HOME, runtimePackages: RUNTIME_PACKAGES, ...options });
    try {
      await expect(engine.openPod()).rejects.toThrow(/no pod before the self-test/);
      const error: unknown = await engine.selfTest().then(
        () => null,
        (reason) => reason,
      );
      expect(error).toBeInstanceOf(EngineUnavailable);
      await expect(engine.openPod()).rejects.toThrow(/no pod before the self-test/);
      return (error as EngineUnavailable).missing.join('\n'); // just asserted
    } finally {
      await engine.close();
    }
  };

  /** The host's programs, with some replaced by a script, or gone. */
  const toolsWith = (name: string, replaced: Record<string, string | null>): string[] => {
    const folder = join(scratch, name);
    mkdirSync(folder);
    for (const tool of ['bwrap', 'nsenter', 'setpriv', 'taskset', 'ldd', 'sh', 'bash']) {
      const script = replaced[tool];
      if (script === undefined) symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
      else if (script !== null) writeFileSync(join(folder, tool), script, { mode: 0o755 });
    }
    return [folder];
  };

  it('bwrap is not installed', async () => {
    const toolFolders = toolsWith('no-bwrap', { bwrap: null });
    expect(await reasons({ host: { toolFolders } })).toBe(
      'bwrap is not installed: apt-get install bubblewrap',
    );
  });

  it('the chosen engine is not installed', async () => {
    const toolFolders = toolsWith('no-crun', {});
    symlinkSync('/usr/bin/unshare', join(scratch, 'no-crun', 'unshare'));
    expect(await reasons({ wall: 'crun', host: { toolFolders } })).toBe(
      'crun is not installed: apt-get install crun',
    );
  });

  it('gVisor is refused, and told why', async () => {
    const toolFolders = toolsWith('gvisor', {});
    const runsc = '#!/bin/sh\n[ "$1" = --version ] && echo runsc version 1.2 || echo "  -pass-fd value"\n';
    writeFileSync(join(scratch, 'gvisor', 'runsc'), runsc, { mode: 0o755 });
    expect(await reasons({ wall: 'runsc', host: { toolFolders } })).toMatch(
      /^runsc 1\.2 cannot be used: the processes in its sandbox are not processes of this machine[^\n]*$/,
    );
  });

  it('no cgroups', async () => {
    const cgroup = { root: join(scratch, 'nothing'), self: '/proc/self/cgroup' };
    expect(await reasons({ host: { cgroup } })).toMatch(/the cgroup controller "memory" is not mounted/);
  });

  it('a data folder that sandboxes cannot reach', async () => {
    const home = join(scratch, 'private', 'home');
    mkdirSync(home, { recursive: true });
    chmodSync(join(scratch, 'private'), 0o700);
    expect(await reasons({ home })).toMatch(
      /other users may not pass through .*assay-missing.*set ASSAY_HOME/,
    );
  });

  it('packages without a lock', async () => {
    const runtimePackages = join(scratch, 'packages', 'node_modules');
    mkdirSync(runtimePackages, { recursive: true });
    const engine = createSandboxEngine({ home: HOME, runtimePackages });
    await expect(engine.selfTest()).rejects.toThrow(/no package-lock\.json .* run npm ci/);
    await engine.close();
  });

  it('not root, with a wall that needs it', async () => {
    const script = `
      const { createSandboxEngine } = await import('${join(import.meta.dirname, '../../libs/sandbox/dist/index.js')}');
      process.setuid(65534);
      const engine = createSandboxEngine({ wall: 'crun', home: '/tmp', runtimePackages: '/tmp' });
      await engine.selfTest().catch((error) => console.log(error.name, error.message));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(output).toMatch(/^EngineUnavailable .*crun needs a worker that runs as root/);
  });

  /** bwrap with some of its options taken away: as on a machine where that protection does not work. */
  const bwrapWithout = (pattern: string) => `#!/bin/bash
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

  it.each([
    [
      'without the syscall filter',
      { bwrap: bwrapWithout('--seccomp) skip=1') },
      /the filter lets system calls through/,
    ],
    [
      'with another pid namespace',
      { bwrap: bwrapWithout('--unshare-pid)') },
      /sees other processes|did not start/,
    ],
    ['with a writable root', { bwrap: bwrapWithout('--remount-ro) skip=1') }, /could write to \/planted/],
    ['in the network of the host', { nsenter: '#!/bin/sh\nshift 2; exec "$@"' }, /the sandbox has a network/],
    [
      'in no cgroup',
      // Its arguments up to the first file of the cgroup.
      { bash: '#!/bin/bash\nexec /bin/bash "${@:1:7}"' },
      /a memory limit does not bite/,
    ],
  ])(
    'the self-test sees a sandbox %s',
    async (name, replaced, reason) => {
      const toolFolders = toolsWith(name.replaceAll(' ', '-'), replaced);
      expect(await reasons({ host: { toolFolders } })).toMatch(reason);
    },
    60_000,
  );
});
