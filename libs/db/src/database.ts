import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from './generated/client.js';

/** Inside a transaction. */
export type Transaction = Prisma.TransactionClient;

/** One process's way to Postgres: Prisma for rows, a small pool for locks that live as long as their connection. */
export class Database {
  readonly prisma: PrismaClient;
  /** Prisma's connections. */
  readonly pool: pg.Pool;
  readonly lockPool: pg.Pool;

  constructor(
    readonly url: string,
    { connections = 10, lockConnections = 4 }: { connections?: number; lockConnections?: number } = {},
  ) {
    this.pool = new pg.Pool({ connectionString: url, max: connections });
    this.lockPool = new pg.Pool({ connectionString: url, max: lockConnections });
    // A pool without this listener brings the process down when Postgres restarts while a connection idles.
    for (const pool of [this.pool, this.lockPool]) pool.on('error', () => undefined);
    const adapter = new PrismaPg(this.pool, { disposeExternalPool: true });
    // Other formats print a query's arguments into the message of its error: passwords, code, whatever was saved.
    this.prisma = new PrismaClient({ adapter, errorFormat: 'minimal' });
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
    await this.lockPool.end();
  }
}

/** The database's clock, the only one that deadlines are compared with: machines' clocks differ. */
export async function databaseNow(tx: Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<[{ now: Date }]>`SELECT clock_timestamp()::timestamptz(3) AS now`;
  return row.now;
}
