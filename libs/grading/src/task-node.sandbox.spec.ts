import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSandboxEngine, type SandboxEngine } from '@assay/sandbox';
import { NODE_VERSIONS, type NodeMajor } from '@assay/tasks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { installNode } from '../../../tools/bootstrap/install-node.mjs';
import { echoTask, serverFile } from '../test/echo-task.js';
import { gradeSolution } from './grade-solution.js';

/** Tasks that choose their Node, on the real thing: npm's packages in a sandbox. */

const runtimePackages = join(import.meta.dirname, '../../../content/runtime/node_modules');
let home: string;
const engines: SandboxEngine[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-node-'));
  await chmod(home, 0o755); // the sandbox's user must be able to pass
});

afterAll(async () => {
  for (const engine of engines) await engine.close();
  await rm(home, { recursive: true, force: true });
});

async function openEngine(packages: string): Promise<SandboxEngine> {
  const engine = createSandboxEngine({ home, runtimePackages: packages });
  engines.push(engine);
  await engine.selfTest();
  return engine;
}

/** Grades a server of Express that answers with the version of its Node. */
function gradeOn(engine: SandboxEngine, node: NodeMajor, expected: string) {
  const code = `assert.equal((await http.get('/')).text, ${JSON.stringify(expected)}, 'The Node must be the task\\'s.');`;
  const bundle = echoTask({ hidden: { 'has-its-node': { code } }, startTimeoutMs: 20_000 });
  const server = `import express from 'express';
    express().get('/', (_, response) => response.send(process.version)).listen(process.env.PORT, '127.0.0.1');`;
  const files = serverFile(server);
  return gradeSolution({
    engine,
    bundle: { ...bundle, manifest: { ...bundle.manifest, node } },
    files,
    checks: 'hidden',
    seed: 'seed',
  });
}

test('a task is graded on the Node that it chooses', async () => {
  const engine = await openEngine(runtimePackages);
  for (const major of [20, 22, 24] as const) {
    const version = await installNode(major);
    expect(version.startsWith(`v${major}.`)).toBe(true);
    if (version !== process.version) expect(version).toBe(NODE_VERSIONS[major]);
    expect(await gradeOn(engine, major, version)).toMatchObject({ reason: null, score: 1 });
  }
}, 300_000);

test('a worker that lacks it fails as ours, and says what to do', async () => {
  const folder = join(home, 'runtime', 'node_modules');
  await mkdir(folder, { recursive: true });
  await cp(join(dirname(runtimePackages), 'package-lock.json'), join(dirname(folder), 'package-lock.json'));
  const absent = process.version.startsWith('v24.') ? 22 : 24;
  expect(await gradeOn(await openEngine(folder), absent, '')).toMatchObject({
    outcome: 'platform_failure',
    reason: expect.stringContaining(
      `Node ${absent} is not installed here: run node tools/bootstrap/install-node.mjs`,
    ),
    score: null,
  });
}, 120_000);
