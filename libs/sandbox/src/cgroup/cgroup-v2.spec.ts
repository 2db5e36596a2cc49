import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { killCgroup } from './empty-cgroup.js';
import { openCgroupTree } from './open-cgroup-tree.js';

/** A fake tree: shows which files are written with what; that a kernel obeys them is not shown here. */
describe('cgroup v2, on a fake tree', () => {
  let root: string;
  const self = () => join(root, 'self');
  const put = (path: string, content: string) => writeFileSync(join(root, path), content);
  const get = (path: string) => readFileSync(join(root, path), 'utf8');
  const open = () => openCgroupTree({ root, self: self() });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'assay-cgroup-'));
    mkdirSync(join(root, 'assay.service'));
    put('cgroup.controllers', 'cpuset cpu io memory pids');
    put('assay.service/cgroup.controllers', 'cpu memory pids');
    put('assay.service/cgroup.subtree_control', '');
    put('assay.service/cgroup.procs', '');
    put('self', '0::/assay.service\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('enables the controllers for its children, in its own cgroup', async () => {
    const tree = await open();
    expect(tree).toMatchObject({ version: 'cgroup-v2', parents: [join(root, 'assay.service')] });
    expect(get('assay.service/cgroup.subtree_control')).toBe('+memory +pids +cpu');
  });

  it('goes beside the leaf when its process was started in it', async () => {
    mkdirSync(join(root, 'assay.service/assay-worker'));
    put('assay.service/cgroup.subtree_control', 'cpu memory pids');
    put('self', '0::/assay.service/assay-worker\n');
    expect((await open()).parents).toEqual([join(root, 'assay.service')]);
    expect(get('assay.service/cgroup.subtree_control')).toBe('cpu memory pids');
  });

  it('refuses a subtree without the controllers, naming them', async () => {
    put('assay.service/cgroup.controllers', 'pids');
    await expect(open()).rejects.toThrow(/the controllers memory, cpu are not delegated/);
  });

  it('writes every limit', async () => {
    const cgroup = await (await open()).create('assay-1-2-3-ab', {
      memoryBytes: 1 << 28,
      pids: 66,
      cpus: 1.5,
    });
    const folder = 'assay.service/assay-1-2-3-ab';
    expect(cgroup.procsFiles).toEqual([join(root, folder, 'cgroup.procs')]);
    expect(get(`${folder}/memory.max`)).toBe('268435456');
    expect(get(`${folder}/memory.oom.group`)).toBe('1');
    expect(get(`${folder}/pids.max`)).toBe('66');
    expect(get(`${folder}/cpu.max`)).toBe('150000 100000');
    expect(await cgroup.readLimits()).toEqual({ memoryBytes: 1 << 28, pids: 66, cpus: 1.5 });
  });

  it('replaces the limits, and lifts the quota of what it kills', async () => {
    const cgroup = await (await open()).create('assay-1-2-3-ab', { memoryBytes: 1 << 28, pids: 66, cpus: 1 });
    cgroup.setLimits({ memoryBytes: 1 << 24, pids: 7, cpus: 0.5 });
    expect(await cgroup.readLimits()).toEqual({ memoryBytes: 1 << 24, pids: 7, cpus: 0.5 });
    killCgroup(cgroup.folders);
    const folder = 'assay.service/assay-1-2-3-ab';
    expect([get(`${folder}/pids.max`), get(`${folder}/cpu.max`)]).toEqual(['0', 'max']);
  });

  it('reads memory verdicts from the events of its own cgroup', async () => {
    const cgroup = await (await open()).create('assay-1-2-3-ab', { memoryBytes: 1 << 28, pids: 66, cpus: 1 });
    const events = 'assay.service/assay-1-2-3-ab/memory.events';
    put(events, 'low 0\nhigh 0\nmax 7\noom 1\noom_kill 3\noom_group_kill 1\n');
    expect(cgroup.readOom()).toEqual({ oomKills: 3, ownLimitReached: true });
    put(events, 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 1\noom_group_kill 0\n');
    expect(cgroup.readOom()).toEqual({ oomKills: 1, ownLimitReached: false });
  });

  it('leaves no folder behind when a limit cannot be set', async () => {
    const tree = await open();
    rmSync(join(root, 'assay.service'), { recursive: true });
    await expect(tree.create('assay-1-2-3-ab', { memoryBytes: 1, pids: 1, cpus: 1 })).rejects.toThrow(
      /cannot be made/,
    );
    expect(existsSync(join(root, 'assay.service/assay-1-2-3-ab'))).toBe(false);
  });
});
