import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { copyCheckout, removeCheckout } from './checkout-copy.js';
import { processesOf, RunningStart } from './running-start.js';

/** Far from the default, so that this runs beside a copy that somebody uses. */
const firstPort = 4610;
const env = { ASSAY_PORT: String(firstPort), ASSAY_DEMO: 'false' };

let checkout: string;
let home: string;
let bystander: ChildProcess;
const starts: RunningStart[] = [];

function begin(): RunningStart {
  const start = new RunningStart(checkout, env);
  starts.push(start);
  return start;
}

const readiness = () =>
  Promise.all(
    [0, 1].map(async (offset) => (await fetch(`http://127.0.0.1:${firstPort + offset}/health/ready`)).status),
  );

/** When each thing was made that only a first start has to make: a build, the Prisma client, a cluster. */
const whatTakesLong = () => {
  const files = [
    join(checkout, 'apps/recruiter-api/dist/main.js'),
    join(checkout, 'libs/db/src/generated/client.ts'),
    join(home, 'postgres/data/PG_VERSION'),
  ];
  return files.map((path) => statSync(path).mtimeMs);
};

async function listenOn(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

beforeAll(async () => {
  checkout = await copyCheckout();
  // A program of the same kind that is none of ours.
  bystander = spawn('redis-server', ['--port', String(firstPort + 90), '--save', ''], { stdio: 'ignore' });
  await once(bystander, 'spawn');
}, 60_000);

afterAll(async () => {
  bystander.kill();
  // A test that failed in the middle leaves its system running.
  await Promise.all(starts.map((start) => start.end()));
  await removeCheckout(checkout);
  // As root the data folder lies outside a checkout that others cannot enter.
  if (home?.startsWith('/var/lib/assay/')) await rm(home, { recursive: true, force: true });
}, 60_000);

it('goes from a bare checkout to three ready processes, and shows the set-up link of an empty system', async () => {
  const start = begin();
  await start.said('Ctrl-C stops it.');
  home = (/Logs +(.+)\/logs/.exec(start.output) ?? [])[1] ?? '';
  expect(await readiness()).toEqual([200, 200]);
  const live = await fetch(`http://127.0.0.1:${firstPort + 2}/health/live`);
  expect(live.status).toBe(200);

  const link = /Set up +(http\S+)/.exec(start.output)?.[1] ?? '';
  expect(link).toContain(`http://localhost:${firstPort}/`);
  expect((await fetch(link)).status).toBe(200);

  expect(statSync(`${home}/secrets.json`).mode & 0o777).toBe(0o600);
  expect(await start.pressCtrlC()).toBe(130);
  expect(processesOf(checkout, home)).toEqual([]);
}, 120_000);

it('ends before anything runs when a port is taken, and says which and what to set', async () => {
  const server = await listenOn(firstPort + 3);
  const start = begin();
  expect(await start.exited).toBe(1);
  expect(start.output).toContain(`port ${firstPort + 3}`);
  expect(start.output).toContain('ASSAY_PORT=');
  expect(start.output).not.toContain('Postgres and Redis');
  server.close();
}, 30_000);

it('starts again without doing anything twice, refuses a second start meanwhile, and recovers from kill -9 by itself', async () => {
  const before = whatTakesLong();
  const killed = begin();
  await killed.said('Assay is up');
  expect(whatTakesLong()).toEqual(before);

  const second = begin();
  expect(await second.exited).toBe(1);
  expect(second.output).toContain('running');

  await killed.killHard();
  expect(processesOf(home).length).toBeGreaterThan(3);

  const recovered = begin();
  await recovered.said('Ctrl-C stops it.');
  expect(recovered.output).toContain('an earlier start had left running');
  expect(await readiness()).toEqual([200, 200]);

  expect(await recovered.pressCtrlC()).toBe(130);
  expect(processesOf(checkout, home)).toEqual([]);
  expect(bystander.exitCode).toBeNull();
  expect(bystander.signalCode).toBeNull();
}, 120_000);

it('starts a process again that has died', async () => {
  const start = begin();
  await start.said('Ctrl-C stops it.');
  const { pid } = JSON.parse(readFileSync(`${home}/run/assessment-api.json`, 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  await start.said('assessment-api is back');
  expect(await readiness()).toEqual([200, 200]);
  await start.pressCtrlC();
}, 60_000);
