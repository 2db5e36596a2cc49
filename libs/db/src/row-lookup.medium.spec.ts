import { createTestDatabase, type TestDatabase, waitFor } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { RowLookup } from './row-lookup.js';

const LOCK = 4711;

describe('a row lookup', () => {
  let test: TestDatabase;
  let pool: pg.Pool;
  let other: pg.Client;

  beforeAll(async () => {
    test = await createTestDatabase();
    pool = new pg.Pool({ connectionString: test.ownerUrl });
    other = new pg.Client({ connectionString: test.ownerUrl });
    await other.connect();
    await other.query('CREATE TABLE fact (key text PRIMARY KEY, value int NOT NULL)');
    await other.query(`INSERT INTO fact VALUES ('a', 1), ('b', 2), ('c', 3)`);
  });
  afterAll(async () => {
    await other.end();
    await pool.end();
    await test.drop();
  });

  it('asks once for what is asked for at once, and gives everyone their own row', async () => {
    const lookup = new RowLookup(pool, {
      name: 'together',
      text: 'SELECT key, value, cardinality($1::text[]) AS together FROM fact WHERE key = ANY($1)',
    });
    const rows = await Promise.all(['b', 'a', 'none', 'b'].map((key) => lookup.find(key)));
    const [a, b] = [
      { value: 1, together: 3 },
      { value: 2, together: 3 },
    ];
    expect(rows).toEqual([b, a, null, b]);
    expect(await lookup.find('c')).toEqual({ value: 3, together: 1 });
  });

  it('gives up a statement without an answer, and asks the next', async () => {
    const statement = {
      name: 'stuck',
      text: `SELECT key, value, pg_advisory_xact_lock(${LOCK})::text AS waited FROM fact WHERE key = ANY($1)`,
    };
    const lookup = new RowLookup(pool, statement, 200);
    await other.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const stuck = lookup.find('a');
    await expect(stuck).rejects.toThrow('Query read timeout');
    await other.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    expect(await lookup.find('c')).toMatchObject({ value: 3 });
  });

  it('never answers a question with what was read before it was asked', async () => {
    // Reads, then waits: its answer is old when it comes.
    const lookup = new RowLookup(pool, {
      name: 'slow',
      text: `WITH read AS MATERIALIZED (SELECT key, value FROM fact WHERE key = ANY($1))
        SELECT key, value, pg_advisory_xact_lock(${LOCK})::text AS waited FROM read`,
    });
    await other.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const before = lookup.find('a');
    await waitFor('the first statement to be on its way', async () => {
      const { rowCount } = await other.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
      );
      return rowCount === 1;
    });
    await other.query(`UPDATE fact SET value = 100 WHERE key = 'a'`);
    const after = lookup.find('a');
    await other.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    expect(await before).toMatchObject({ value: 1 });
    expect(await after).toMatchObject({ value: 100 });
  });

  it('tells a failure to those who asked, and goes on', async () => {
    const lookup = new RowLookup(pool, {
      name: 'fails',
      text: 'SELECT key, 6 / (value - 3) AS value FROM fact WHERE key = ANY($1)',
    });
    const outcomes = await Promise.allSettled([lookup.find('c'), lookup.find('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await lookup.find('b')).toEqual({ value: -6 });
  });
});
