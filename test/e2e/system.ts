import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Client, createClient } from '@assay/contracts/client';
import { recruiterApi } from '@assay/contracts/http';
import {
  createTestDatabase,
  openRedisWay,
  type QueueAddress,
  type RedisWay,
  testRedis,
} from '@assay/testing';
import pg from 'pg';
import { AppProcess } from './app-process.js';

const run = promisify(execFile);
/** How far a process's metrics are from its own port. */
const METRICS_OFFSET = 5;
const SEED = join(import.meta.dirname, '../../tools/dist/seed.js');

export type Staff = Client<typeof recruiterApi>;

export interface Login {
  email: string;
  password: string;
}

/** A whole Assay with a database and a queue prefix of its own. */
export interface System {
  /** Logged in as the owner of the demo organisation. */
  staff: Staff;
  /** Of that owner. */
  login: Login;
  publicUrl: string;
  candidateUrl: string;
  recruiterApi: AppProcess;
  assessmentApi: AppProcess;
  worker: AppProcess;
  /** A second worker beside the first, not started yet; `stop` ends it, too. */
  addWorker(): Promise<AppProcess>;
  /** A second assessment API beside the first, with an address of its own, not started yet; `stop` ends it, too. */
  addAssessmentApi(): Promise<AppProcess & { url: string }>;
  queue: QueueAddress;
  /** How the three processes reach it. */
  redisWay: RedisWay;
  ownerUrl: string;
  /** The data folder. */
  home: string;
  /** As the database's owner: what no client could do, such as letting time pass. */
  sql<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/**
 * Starts the three built processes and publishes the tasks of content/. `gradingSlots`: gradings at once; `drainSeconds`:
 * for how long a worker that is asked to stop lets them end; `liveRunIdleSeconds`: after how long nobody's live run ends.
 * Without `withWorker` nothing is graded until the worker is started.
 */
export async function startSystem({
  gradingSlots = 1,
  drainSeconds = 5,
  liveRunIdleSeconds = 60,
  withWorker = true,
} = {}): Promise<System> {
  const [database, home, port] = [await createTestDatabase(), await makeHome(), await findPorts()];
  const { url: redisUrl, prefix } = testRedis();
  const redisWay = await openRedisWay(redisUrl);
  const shared = {
    ASSAY_PORT: String(port),
    ASSAY_HOME: home,
    ASSAY_GRADING_SLOTS: String(gradingSlots),
    ASSAY_DRAIN_SECONDS: String(drainSeconds),
    ASSAY_LIVE_RUN_IDLE_SECONDS: String(liveRunIdleSeconds),
    ASSAY_QUEUE_PREFIX: prefix,
    REDIS_URL: redisWay.url,
    ASSAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    ASSAY_CANDIDATE_URL: `http://127.0.0.1:${port + 1}`,
  };
  /** `offset`: of its own port and, from there on, of that of its metrics. */
  const appOn = (name: string, offset: number, firstPort: number, url: Record<string, string>) =>
    new AppProcess(name, {
      env: { ...shared, ASSAY_PORT: String(firstPort), ...url },
      healthUrl: `http://127.0.0.1:${firstPort + offset}/health/ready`,
      metricsUrl: `http://127.0.0.1:${firstPort + offset + METRICS_OFFSET}/metrics`,
    });
  const workerOn = (firstPort: number) =>
    appOn('grading-worker', 2, firstPort, { WORKER_DATABASE_URL: database.workerUrl });
  const apps = {
    recruiterApi: appOn('recruiter-api', 0, port, { DATABASE_URL: database.apiUrl }),
    assessmentApi: appOn('assessment-api', 1, port, { DATABASE_URL: database.apiUrl }),
    worker: workerOn(port),
  };
  const furtherApps: AppProcess[] = [];
  const stop = async () => {
    const all = [...Object.values(apps), ...furtherApps];
    const stopped = await Promise.allSettled(all.map((app) => app.stop()));
    redisWay.close();
    await database.drop();
    for (const result of stopped) if (result.status === 'rejected') throw result.reason;
  };
  try {
    const login = await seed(database.ownerUrl, home);
    const { recruiterApi: staffApi, assessmentApi, worker } = apps;
    const started = [staffApi, assessmentApi, ...(withWorker ? [worker] : [])];
    await Promise.all(started.map((app) => app.start()));
    const staff = createClient(recruiterApi, shared.ASSAY_PUBLIC_URL);
    await staff.logIn({ body: login });
    return {
      ...apps,
      async addWorker() {
        const worker = workerOn(await findPorts());
        furtherApps.push(worker);
        return worker;
      },
      async addAssessmentApi() {
        const firstPort = await findPorts();
        const url = `http://127.0.0.1:${firstPort + 1}`;
        const env = { DATABASE_URL: database.apiUrl, ASSAY_CANDIDATE_URL: url };
        const api = Object.assign(appOn('assessment-api', 1, firstPort, env), { url });
        furtherApps.push(api);
        return api;
      },
      staff,
      login,
      publicUrl: shared.ASSAY_PUBLIC_URL,
      candidateUrl: shared.ASSAY_CANDIDATE_URL,
      queue: { url: redisUrl, prefix },
      redisWay,
      ownerUrl: database.ownerUrl,
      home,
      sql: (text, ...values) => query(database.ownerUrl, text, values),
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

async function seed(ownerUrl: string, home: string): Promise<Login> {
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: ownerUrl, ASSAY_HOME: home };
  const { stdout } = await run(process.execPath, [SEED], { env });
  return JSON.parse(stdout) as Login;
}

async function query<Row extends object>(url: string, text: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/**
 * One data folder for all runs, so that the sandbox's runtime is copied once. Its name can be guessed, so it must be
 * ours: a folder that another user made there could be theirs to change.
 */
async function makeHome(): Promise<string> {
  const home = join(tmpdir(), 'assay-e2e');
  await mkdir(home, { recursive: true });
  const entry = lstatSync(home);
  if (!entry.isDirectory() || entry.uid !== process.getuid?.()) throw new Error(`${home} is not ours`);
  await chmod(home, 0o711);
  return home;
}

/** The first of eight ports in a row that are free at the moment. */
export async function findPorts(): Promise<number> {
  for (;;) {
    const first = randomInt(20_000, 32_000);
    const free = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((offset) => isFree(first + offset)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
