import type pg from 'pg';

/** SQL that every connection prepares once, under its name; no two texts may have the same. */
export interface LookupStatement {
  name: string;
  /** `$1` is an array of keys. Gives at most one row a key, with the key as `key`. */
  text: string;
}

/** All who ask wait for the statement before theirs: one without an answer must not hold them for ever. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Looks up what is asked for with every request. While one statement is on its way, keys gather for the next, as commits
 * do in Postgres: the more is asked for at once, the fewer round trips it takes, and one of them costs more than a row.
 * Nothing is remembered: a key is always sent after it was asked for, so the answer is never older than the question.
 */
export class RowLookup {
  private gathering: { keys: Set<string>; rows: Promise<Map<string, pg.QueryResultRow>> } | null = null;
  private onItsWay: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly pool: pg.Pool,
    private readonly statement: LookupStatement,
    private readonly answerWithinMs = ANSWER_WITHIN_MS,
  ) {}

  async find(key: string): Promise<pg.QueryResultRow | null> {
    this.gathering ??= this.gather();
    const { keys, rows } = this.gathering;
    keys.add(key);
    return (await rows).get(key) ?? null;
  }

  private gather() {
    const keys = new Set<string>();
    const rows = this.onItsWay.then(() => {
      this.gathering = null;
      return this.ask([...keys]);
    });
    // Who has asked hears of a failure; the next statement goes out all the same.
    this.onItsWay = rows.catch(() => undefined);
    return { keys, rows };
  }

  private async ask(keys: string[]): Promise<Map<string, pg.QueryResultRow>> {
    // pg takes the time limit with each query; its types know it of connections only.
    const query = { ...this.statement, values: [keys], query_timeout: this.answerWithinMs };
    const { rows } = await this.pool.query<pg.QueryResultRow & { key: string }>(query);
    return new Map(rows.map(({ key, ...row }) => [key, row]));
  }
}
