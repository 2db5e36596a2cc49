import { setTimeout as delay } from 'node:timers/promises';
import type { ClientConfig, Client as PgClient } from 'pg';
import { CheckEnd } from './check-end.js';
import { SIDECAR_PORTS, type SidecarAccess } from './sidecar-access.js';
import type { GuardedControl, SidecarControl } from './sidecar-control.js';

/** One statement as Postgres counts it: constants are `$1`, `$2`, … */
export interface CountedStatement {
  query: string;
  calls: number;
  /** Read or changed, over all calls. */
  rows: number;
}

/** What a check gets as `postgres`. */
export interface PostgresTool extends SidecarControl {
  /** Rows of one statement in the candidate's database, with what the candidate's role may do; also to end its connections. */
  query(text: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** What the candidate's role has run since the start or `resetStatements`, most often called first; BEGIN and its like are not counted. */
  statements(): Promise<CountedStatement[]>;
  resetStatements(): Promise<void>;
}

const STATEMENTS = `
  SELECT query, calls::int, rows::int FROM pg_stat_statements
  WHERE userid = 'app'::regrole AND toplevel ORDER BY calls DESC, query`;

/** The error code of a server that has no connection left. */
const TOO_MANY_CONNECTIONS = '53300';
/** Some are kept for checks, but whoever is just connecting has one of these too, until it is sent away. */
const TRY_FOR_MS = 3_000;
const RETRY_MS = 25;

export interface PostgresSidecar {
  tool: PostgresTool;
  /** Makes the task's tables, as the candidate's role, and forgets that they were made. */
  load(schema: string): Promise<void>;
}

export function createPostgresSidecar({ secret }: SidecarAccess, control: GuardedControl): PostgresSidecar {
  void loadClient().catch(() => {}); // connecting hears of it
  const run: typeof query = async (config, text, parameters) => {
    control.demandRunning();
    return query({ user: 'checks', password: secret, ...config }, text, parameters);
  };
  const inStatistics = (text: string) => run({ database: 'postgres' }, text);
  const resetStatements = async () => void (await inStatistics('SELECT pg_stat_statements_reset()'));
  const { demandRunning: _, ...changes } = control;
  return {
    tool: {
      ...changes,
      query: (text, parameters) => run({}, text, parameters),
      statements: async () => (await inStatistics(STATEMENTS)) as unknown as CountedStatement[], // by its columns
      resetStatements,
    },
    async load(schema) {
      await loadSchema(schema);
      await resetStatements();
    },
  };
}

/** Makes the task's tables, as the candidate's role. Rejects with a `CheckEnd`: that they cannot be made is ours. */
export async function loadSchema(schema: string): Promise<void> {
  await query({ user: 'app', password: 'app' }, schema).catch((error: unknown) => {
    throw new CheckEnd('void', `the task's schema cannot be loaded: ${String(error)}`);
  });
}

/** Takes a while, mostly that of the sidecar's start. */
const loadClient = async () => (await import('pg')).default.Client;

/** Over a connection of its own. */
async function query(
  config: Pick<ClientConfig, 'user' | 'password' | 'database'>,
  text: string,
  parameters?: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const client = await connected(await loadClient(), {
    ...{ database: 'app', host: '127.0.0.1', port: SIDECAR_PORTS.postgres, ...config },
    connectionTimeoutMillis: 5_000,
  });
  try {
    return (await client.query(text, parameters && [...parameters])).rows;
  } finally {
    void client.end().catch(() => {});
  }
}

/** Rejects with a `CheckEnd`: a candidate that takes every connection keeps us out; anything else is ours. */
async function connected(Client: typeof PgClient, config: ClientConfig): Promise<PgClient> {
  const untilMs = performance.now() + TRY_FOR_MS;
  for (;;) {
    const client = new Client(config);
    client.on('error', () => {}); // told by the query
    try {
      await client.connect();
      return client;
    } catch (error) {
      if ((error as { code?: string }).code !== TOO_MANY_CONNECTIONS)
        throw new CheckEnd('void', `the sidecar postgres does not answer: ${String(error)}`);
      if (performance.now() > untilMs)
        throw new CheckEnd('failed', 'All connections of Postgres were taken.');
      await delay(RETRY_MS);
    }
  }
}
