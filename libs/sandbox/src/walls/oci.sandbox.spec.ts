import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { waitFor } from '@assay/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Container, ContainerSpec, Pod, SandboxEngine } from '../engine.js';
import { createSandboxEngine } from '../sandbox-engine.js';
import type { WallName } from './walls.js';

const MIB = 1024 * 1024;
const LIMITS = {
  memoryBytes: 192 * MIB,
  pids: 48,
  cpus: 1,
  outputBytes: MIB,
  tmpBytes: 8 * MIB,
  wallMs: 30_000,
};
const WALLS: WallName[] = ['crun', 'runc'];

/** What a wall promises (wall.ts) and an OCI runtime does otherwise than bubblewrap. test/abuse attacks it. */
describe.each(WALLS)('%s', (wall) => {
  let home: string;
  let engine: SandboxEngine;
  let pod: Pod;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'assay-oci-'));
    await chmod(home, 0o755); // the sandbox's user must be able to pass
    const runtimePackages = join(import.meta.dirname, '../../../../content/runtime/node_modules');
    engine = createSandboxEngine({ wall, home, runtimePackages });
    const report = await engine.selfTest(); // proves every guarantee, or throws
    expect(report.engine).toMatch(new RegExp(`^${wall} \\d+\\.`));
  }, 120_000);
  beforeEach(async () => {
    pod = await engine.openPod();
  });
  afterEach(() => pod.close());
  afterAll(async () => {
    await engine.close();
    await rm(home, { recursive: true, force: true });
  });

  const start = async (code: string, more: Partial<ContainerSpec> = {}): Promise<Container> => {
    const app = await pod.addFiles('candidate', [{ path: 'main.js', content: code }]);
    return pod.start({
      ...{ part: 'candidate', command: ['/usr/bin/node', '/app/main.js'], env: {}, cwd: '/app' },
      ...{ mounts: { '/app': app }, limits: LIMITS },
      ...more,
    });
  };

  const ask = async (code: string) => {
    const container = await start(`const fs = require('node:fs');
      const attempt = (action) => { try { return action(); } catch (error) { return error.code; } };
      ${code}`);
    await container.exited;
    return JSON.parse(container.outputTail());
  };

  it('lets nobody look into process 1, and shows nothing of the runtime', async () => {
    expect(
      await ask(`const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\\n').filter(Boolean).map((line) => line.split(' '));
        console.log(JSON.stringify({ env: process.env, root: fs.readdirSync('/').sort(),
          one: ['environ', 'mem', 'maps', 'root/etc'].map((name) => attempt(() => fs.openSync('/proc/1/' + name))),
          fds: attempt(() => fs.readdirSync('/proc/1/fd')), run: fs.existsSync('/run'),
          masked: ['keys', 'timer_list'].map((name) => fs.readFileSync('/proc/' + name, 'utf8')),
          writable: mounts.filter((m) => m[5].startsWith('rw')).map((m) => m[4])
            .filter((path) => !/^.(dev.(null|zero|full|random|urandom|tty|pts)|proc(.keys|.timer_list)?)$/.test(path)).sort() }))`),
    ).toEqual({
      env: { PATH: '/usr/bin', HOME: '/tmp', TZ: 'UTC', PWD: '/app' },
      root: ['app', 'bin', 'dev', 'etc', 'lib', 'lib64', 'node_modules', 'proc', 'tmp', 'usr'],
      ...{ one: ['EACCES', 'EACCES', 'EACCES', 'EACCES'], fds: 'EACCES', run: false, masked: ['', ''] },
      writable: ['/dev/shm', '/tmp'],
    });
  });

  it('limits the number of files in /tmp', async () => {
    const { refused, count } = await ask(`let count = 0;
      const refused = attempt(() => { for (;; count++) fs.mkdirSync('/tmp/d' + count); });
      console.log(JSON.stringify({ refused, count }))`);
    expect(refused).toBe('ENOSPC');
    expect(count).toBeLessThan(10_000);
  });

  it('tells an exit status from a signal', async () => {
    const ended = async (code: string) => (await start(code)).exited;
    expect(await ended('process.exit(42)')).toEqual({ cause: 'exited', code: 42, signal: null, oomKills: 0 });
    expect(await ended('process.abort()')).toMatchObject({ code: null, signal: 'SIGABRT' });
  });

  it('passes a signal to the command, which ends by it as it would outside', async () => {
    const container = await start(`console.log('up'); setInterval(() => 0, 1000)`);
    await waitFor('the container to be up', () => container.outputTail() === 'up\n');
    expect(container.usage()).toMatchObject({ processes: 1 });
    expect(container.signal('SIGTERM')).toBe(true);
    expect(await container.exited).toEqual({ cause: 'exited', code: null, signal: 'SIGTERM', oomKills: 0 });
  });

  it('passes the control pipe as descriptor 5, and no other but stdio', async () => {
    const container = await start('', {
      control: true,
      command: ['/usr/bin/sh', '-c', 'echo /proc/$$/fd/*; read -r line <&5; echo "$line"'],
    });
    container.control?.end('go on\n');
    const said = await text(container.stdout);
    // 3 is the folder that sh is listing.
    expect(said.replaceAll(/\/proc\/\d+\/fd\//g, '')).toBe('0 1 2 3 5\ngo on\n');
    expect(await container.exited).toMatchObject({ cause: 'exited', code: 0 });
  });
});
