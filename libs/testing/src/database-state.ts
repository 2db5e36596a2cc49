import type { Database } from '@assay/db';

/** Counts refused log-ins: a refusal that is meant to be written down. */
const WRITTEN_BY_REFUSALS = ['login_throttle'];

/** What each table holds: how many rows, and a hash over their places and versions. Any write changes it. */
export type DatabaseState = Record<string, string>;

/** The state of every table or, given `ids`, of those rows in them that hold one of these ids anywhere. */
export async function stateOf(db: Database, ids?: readonly string[]): Promise<DatabaseState> {
  const { everything, withIds } = await questionsOf(db);
  // Past Prisma, for a statement that Postgres plans once: it is asked thousands of times.
  const { rows } = await db.lockPool.query<DatabaseState>(
    ids ? { ...withIds, values: [ids.join('|')] } : everything,
  );
  return rows[0] ?? {};
}

const asked = new WeakMap<Database, ReturnType<typeof readQuestions>>();

function questionsOf(db: Database): ReturnType<typeof readQuestions> {
  const questions = asked.get(db) ?? readQuestions(db);
  asked.set(db, questions);
  return questions;
}

async function readQuestions(db: Database) {
  const tables = await db.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`;
  const watched = tables.map(({ name }) => name).filter((name) => !WRITTEN_BY_REFUSALS.includes(name));
  const ask = (which: string) =>
    `SELECT ${watched
      .map(
        (table) => `(SELECT count(*) || ' rows, ' || coalesce(sum(hashtext(ctid || ' ' || xmin)), 0)
          FROM "${table}" t ${which}) AS "${table}"`,
      )
      .join()}`;
  return {
    everything: { name: 'state', text: ask('') },
    withIds: { name: 'state with ids', text: ask('WHERE t::text ~ $1') },
  };
}

/** Watches a database that must stay as it is. Whoever writes on purpose forgets what was seen. */
export class StateWatch {
  private seen: DatabaseState | null = null;

  constructor(private readonly db: Database) {}

  /** Looks, unless nothing was written since the last look. */
  async begin(): Promise<void> {
    this.seen ??= await stateOf(this.db);
  }

  forget(): void {
    this.seen = null;
  }

  /** The tables that have changed since `begin`. */
  async changes(): Promise<string[]> {
    const [before, after] = [this.seen ?? {}, await stateOf(this.db)];
    this.seen = after;
    return Object.keys(after).filter((table) => after[table] !== before[table]);
  }
}
