import { Writable } from 'node:stream';
import { Database, startCandidateSession, startStaffSession, type Viewer } from '@assay/db';
import type { Config, Logger } from '@assay/platform';
import { pino } from 'pino';
import supertest from 'supertest';
import { makeMember } from './factories.js';
import { createTestDatabase } from './test-database.js';
import { testRedis } from './test-redis.js';

/** What Nest gives of an API, as far as tests use it. */
interface RunningApp {
  listen(port: number, host: string): Promise<unknown>;
  getUrl(): Promise<string>;
  close(): Promise<void>;
}

/** Sends requests with one session's cookie, or none. */
export type HttpCaller = ReturnType<typeof supertest.agent>;

/** A logged-in member. */
export interface StaffMember {
  viewer: Viewer;
  http: HttpCaller;
  /** The `cookie` header of the session. */
  cookie: string;
}

export interface TestApi<App extends RunningApp = RunningApp> {
  app: App;
  url: string;
  config: Config;
  /** Connected as the database's owner, who may arrange and look at anything. */
  db: Database;
  /** All that the API has logged, as JSON lines. */
  logged(): string;
  anonymous(): HttpCaller;
  withCookie(cookie: string): HttpCaller;
  /** A new member with a session, of a new organisation or of the one given. */
  member(access?: Viewer['access'], organisationId?: string): Promise<StaffMember>;
  /** Exchanges an invitation's secret as the candidate would. */
  candidate(secret: string): Promise<{ http: HttpCaller; cookie: string }>;
  close(): Promise<void>;
}

/** Runs an API on a free port, with a database and a queue prefix of its own, under the APIs' Postgres role. */
export async function openTestApi<App extends RunningApp>(
  create: (config: Config, logger: Logger) => Promise<App>,
  settings: Partial<Config> = {},
): Promise<TestApi<App>> {
  const database = await createTestDatabase();
  const redis = testRedis();
  const config: Config = {
    environment: 'test',
    host: '127.0.0.1',
    recruiterPort: 3000,
    assessmentPort: 3001,
    workerHealthPort: 3002,
    recruiterMetricsPort: 3005,
    assessmentMetricsPort: 3006,
    workerMetricsPort: 3007,
    metricsHost: '127.0.0.1',
    drainMs: 0,
    home: '/nowhere',
    databaseUrl: database.apiUrl,
    workerDatabaseUrl: undefined,
    redisUrl: redis.url,
    queuePrefix: redis.prefix,
    publicUrl: 'http://assay.example',
    candidateUrl: 'http://candidates.example',
    gradingSlots: 1,
    sandboxEngine: 'bwrap',
    runSlots: 1,
    liveRunSlots: 1,
    liveRunIdleMs: 60_000,
    logLevel: 'info',
    ...settings,
  };
  let log = '';
  const sink = new Writable({
    write(chunk, _, done) {
      log += String(chunk);
      done();
    },
  });
  const app = await create(config, pino({ level: 'info' }, sink));
  await app.listen(0, config.host);
  const url = await app.getUrl();
  const db = new Database(database.ownerUrl, { connections: 3 });
  const withCookie = (cookie: string) => supertest.agent(url).set('cookie', cookie);
  return {
    app,
    url,
    config,
    db,
    logged: () => log,
    anonymous: () => supertest.agent(url),
    withCookie,
    async member(access, organisationId) {
      const viewer = await makeMember(db, access, organisationId);
      const { secret } = await startStaffSession(db.prisma, viewer.memberId);
      const cookie = `assay_staff=${secret}`;
      return { viewer, cookie, http: withCookie(cookie) };
    },
    async candidate(invitationSecret) {
      const { secret } = await startCandidateSession(db, invitationSecret);
      const cookie = `assay_candidate=${secret}`;
      return { cookie, http: withCookie(cookie) };
    },
    async close() {
      await app.close();
      await db.close();
      await database.drop();
    },
  };
}
