import { hash } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from './generated/client.js';
import { type LookupStatement, RowLookup } from './row-lookup.js';

/** Inside a transaction. */
export type Transaction = Prisma.TransactionClient;

/**
 * One process's way to Postgres: Prisma for rows, lookups for what is read with every request, a small pool for
 * locks that live as long as their connection.
 */
export class Database {
  readonly prisma: PrismaClient;
  /** Prisma's connections, and the lookups'. */
  readonly pool: pg.Pool;
  readonly lockPool: pg.Pool;
  private readonly lookups = new Map<LookupStatement, RowLookup>();

  constructor(
    readonly url: string,
    { connections = 10, lockConnections = 4 }: { connections?: number; lockConnections?: number } = {},
  ) {
    this.pool = new pg.Pool({ connectionString: url, max: connections });
    this.lockPool = new pg.Pool({ connectionString: url, max: lockConnections });
    // A pool without this listener brings the process down when Postgres restarts while a connection idles.
    for (const pool of [this.pool, this.lockPool]) pool.on('error', () => undefined);
    const adapter = new PrismaPg(this.pool, {
      // A statement with a name is parsed and planned once a connection. Prisma writes the same few texts again and again.
      statementNameGenerator: ({ sql }) => hash('sha1', sql),
    });
    // Other formats print a query's arguments into the message of its error: passwords, code, whatever was saved.
    this.prisma = new PrismaClient({ adapter, errorFormat: 'minimal' });
  }

  /**
   * Reads one row outside any transaction, as its statement's text selects it. For what is read with every request:
   * Prisma needs several times as much of our time and of Postgres's, because it asks once a relation and has every
   * query parsed and planned anew.
   */
  async lookUp<Row extends pg.QueryResultRow>(statement: LookupStatement, key: string): Promise<Row | null> {
    let lookup = this.lookups.get(statement);
    if (!lookup) {
      lookup = new RowLookup(this.pool, statement);
      this.lookups.set(statement, lookup);
    }
    // The statement's author says what its text selects; nothing could check that here.
    return (await lookup.find(key)) as Row | null;
  }

  /** Runs `work` in one transaction. Waits up to 5 s for a connection, may then take 30 s. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.prisma.$transaction(work, { maxWait: 5_000, timeout: 30_000 });
  }

  async isReachable(): Promise<boolean> {
    try {
      await this.prisma.$queryRaw`SELECT 1`;
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await Promise.all([this.pool.end(), this.lockPool.end()]);
  }
}

/** The database's clock, the only one that deadlines are compared with: machines' clocks differ. */
export async function databaseNow(tx: Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp()::timestamptz(3) AS now`;
  return row.now;
}
