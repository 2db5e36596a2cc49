import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './crud-task.js';
import { atMost, type Figure, figure, type Goal } from './figures.js';
import { measureInTurns } from './interleaved.js';

const RUNTIME = join(ROOT, 'content/runtime');

const SERVER = `
  const server = require('express')().get('/', (_, response) => response.send('ok')).listen(0, '127.0.0.1', () => {
    process.stdout.write(server.address().port + '\\n');
  });`;

/** How long Express takes from the start of its process to its first answer: bundled as sandboxes have it, and plain. */
export async function measurePackagesStart(pairs: number): Promise<{ results: Figure[]; goals: Goal[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-packages-'));
  try {
    const plain = await prepare(join(folder, 'plain'), ['node_modules']);
    const bundled = await prepare(join(folder, 'bundled'), ['node_modules', 'bundles']);
    const rounds = await measureInTurns(
      pairs,
      () => untilFirstAnswerMs(plain),
      () => untilFirstAnswerMs(bundled),
    );
    const ratio = figure(
      'express-start-vs-plain',
      'a process of Express until its first answer, bundled against plain packages',
      '×',
      rounds.map(({ ours, peer }) => ours / peer),
    );
    const results = [
      ratio,
      figure(
        'express-start',
        'with bundled packages',
        'ms',
        rounds.map(({ ours }) => ours),
      ),
      figure(
        'express-start-plain',
        'with plain packages',
        'ms',
        rounds.map(({ peer }) => peer),
      ),
    ];
    return { results, goals: [atMost(ratio, 0.75)] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lays the layers over each other as node_modules, and a server beside them. Gives the server's file. */
async function prepare(folder: string, layers: readonly string[]): Promise<string> {
  for (const layer of layers)
    await cp(join(RUNTIME, layer), join(folder, 'node_modules'), { recursive: true });
  const server = join(folder, 'server.cjs');
  await writeFile(server, SERVER);
  await untilFirstAnswerMs(server); // from now on its files are in memory
  return server;
}

async function untilFirstAnswerMs(server: string): Promise<number> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [server], {
    env: { TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const answer = await fetch(`http://127.0.0.1:${port.toString().trim()}/`);
    if (answer.status !== 200) throw new Error(`Express answered ${answer.status}`);
    return performance.now() - startedAtMs;
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}
