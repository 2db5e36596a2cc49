import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCgroupTree } from './open-cgroup-tree.js';

describe('where cgroup v1 has our own folders', () => {
  let root: string;
  const open = (lines: string) => {
    writeFileSync(join(root, 'self'), lines);
    return openCgroupTree({ root, self: join(root, 'self') });
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'assay-cgroup-'));
    for (const folder of ['memory/a:b', 'pids', 'cpu,cpuacct/c'])
      mkdirSync(join(root, folder), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('each controller in its own hierarchy, joined ones under their joint name', async () => {
    const { version, parents } = await open('3:memory:/a:b\n2:pids:/\n1:cpu,cpuacct:/c\n0::/x\n');
    expect(version).toBe('cgroup-v1');
    expect(parents).toEqual(['memory/a:b', 'pids', 'cpu,cpuacct/c'].map((path) => join(root, path)));
  });

  it("the mount itself where the path is the host's and not to be seen", async () => {
    const { parents } = await open('3:memory:/docker/1\n2:pids:/docker/1\n1:cpu,cpuacct:/docker/1\n');
    expect(parents).toEqual(['memory', 'pids', 'cpu,cpuacct'].map((path) => join(root, path)));
  });

  it('refuses without a controller, naming it', async () => {
    await expect(
      open('3:memory:/\n1:cpu,cpuacct:/\n')
        .then(() => rmSync(join(root, 'pids'), { recursive: true }))
        .then(() => open('3:memory:/\n')),
    ).rejects.toThrow(/"pids" is not mounted/);
  });
});
