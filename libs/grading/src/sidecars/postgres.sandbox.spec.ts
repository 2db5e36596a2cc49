import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TaskShape } from '../../test/echo-task.js';
import { openSandbox, type TestSandbox } from '../../test/open-sandbox.js';

/** Postgres in a real sandbox: what tasks like content.md's T08 and T11 need of it. */

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);

afterAll(() => sandbox.close());

const SCHEMA = `
CREATE TABLE orders (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, sku text NOT NULL);
CREATE FUNCTION hello() RETURNS text LANGUAGE plpgsql AS $$
BEGIN

  RETURN 'hello';

END $$;
INSERT INTO orders (sku) SELECT 'sku-' || n FROM generate_series(1, 50) AS n;
`;

const grade = (checks: Record<string, string>, solution: string, shape: Partial<TaskShape> = {}) =>
  sandbox.judge(checks, solution, {
    sidecars: { postgres: { schema: 'db/schema.sql' } },
    starterFiles: [{ path: 'db/schema.sql', content: SCHEMA }],
    ...shape,
  });

const PASSED = { verdict: 'passed', message: null };

/** Needs Postgres before it listens; runs the statement in its path and answers with the rows; 503 when it cannot. */
const STATEMENTS = `import http from 'node:http';
import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5, connectionTimeoutMillis: 500 });
pool.on('error', () => {});
await pool.query('SELECT 1 AS up');
http.createServer(async (request, response) => {
  try {
    const work = pool.query(decodeURIComponent(request.url.slice(1)));
    const late = new Promise((_, reject) => setTimeout(reject, 800, new Error('too late')));
    response.end(JSON.stringify((await Promise.race([work, late])).rows ?? []));
  } catch (error) {
    response.writeHead(503).end(error.message);
  }
}).listen(process.env.PORT, '127.0.0.1');
`;

const SQL = `const sql = (text) => http.get('/' + encodeURIComponent(text));`;

describe('postgres', () => {
  test("has the task's tables, is seen by checks, and counts what the server ran", async () => {
    const seen = `${SQL}
      await postgres.resetStatements();
      await sql("INSERT INTO orders (sku) VALUES ('new')");
      for (let i = 1; i <= 3; i += 1) await sql('SELECT sku FROM orders WHERE id = ' + i);
      await sql('BEGIN');
      await sql('ROLLBACK');
      assert.deepEqual(await postgres.query('SELECT sku FROM orders WHERE id > $1', [50]), [{ sku: 'new' }]);
      await postgres.query('SELECT sku FROM orders WHERE id = 1');
      for (let i = 0; i < 2; i += 1)
        assert.deepEqual(await postgres.statements(), [
          { query: 'SELECT sku FROM orders WHERE id = $1', calls: 3, rows: 3 },
          { query: 'INSERT INTO orders (sku) VALUES ($1)', calls: 1, rows: 1 },
        ]);
      assert.deepEqual((await sql('SELECT hello()')).json(), [{ hello: 'hello' }]);
      await assert.rejects(postgres.query('SELECT nothing'), /column "nothing" does not exist/);`;
    const fresh = `
      assert.deepEqual(await postgres.query('SELECT count(*)::int AS count FROM orders'), [{ count: 50 }]);
      assert.deepEqual(await postgres.statements(), [{ query: 'SELECT $1 AS up', calls: 1, rows: 1 }]);`;
    expect(await grade({ seen, fresh }, STATEMENTS)).toEqual([PASSED, PASSED]);
  });

  test('goes away and comes back with what was committed', async () => {
    const away = `${SQL}
      const count = async () => (await postgres.query('SELECT count(*)::int AS count FROM orders'))[0].count;
      const comesBack = async () => {
        while ((await sql('SELECT 1')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
      };
      let expected = 50;
      for (const how of ['stop', 'kill']) {
        assert.equal((await sql("INSERT INTO orders (sku) VALUES ('" + how + "')")).status, 200);
        expected += 1;
        await postgres[how]();
        assert.equal((await sql('SELECT 1')).status, 503);
        await assert.rejects(postgres.query('SELECT 1'), /postgres is away/);
        await postgres.start();
        assert.equal(await count(), expected);
        await comesBack();
      }
      await postgres.pause();
      const { status, text } = await sql('SELECT 1');
      assert.deepEqual([status, text], [503, 'too late']);
      await postgres.resume();
      await comesBack();
      const ended = await postgres.query("SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE usename = 'app'");
      assert.ok(ended.length > 0 && ended.every(({ ended }) => ended));
      await comesBack();`;
    expect(await grade({ away }, STATEMENTS)).toEqual([PASSED]);
  });

  test('gives the server its own database and nothing else', async () => {
    const refused = [
      'CREATE EXTENSION pg_stat_statements',
      'SELECT * FROM pg_stat_statements',
      'SET pg_stat_statements.track = none',
      'SET compute_query_id = off',
      'SET ROLE checks',
      'SET SESSION AUTHORIZATION postgres',
      'SELECT * FROM pg_authid',
      "COPY orders TO PROGRAM 'true'",
      "SELECT pg_read_file('/sidecar/set-up.sql')",
      "ALTER ROLE checks PASSWORD 'x'",
      'ALTER SYSTEM SET log_min_messages = debug5',
      'CREATE ROLE other',
    ];
    const rights = `${SQL}
      for (const text of ${JSON.stringify(refused)}) {
        const answer = await sql(text);
        assert.deepEqual([text, answer.status], [text, 503], answer.text);
        assert.match(answer.text, /denied|superuser|does not exist|must be|not available/, text + answer.text);
      }
      assert.deepEqual((await sql('SELECT usesuper FROM pg_user WHERE usename = current_user')).json(), [{ usesuper: false }]);
      await sql('CREATE TABLE more (id int); DROP TABLE orders;');
      assert.deepEqual(await postgres.query('SELECT * FROM more'), []);`;
    expect(await grade({ rights }, STATEMENTS)).toEqual([PASSED]);
  });

  test('what the candidate leaves in its database gains nothing when a check meets it', async () => {
    const trap = `${SQL}
      await sql("CREATE FUNCTION trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER ROLE app SUPERUSER'; RETURN true; END $$");
      await sql('ALTER TABLE orders RENAME TO real_orders');
      await sql('CREATE VIEW orders AS SELECT * FROM real_orders WHERE trap()');
      await assert.rejects(postgres.query('SELECT * FROM orders'), /permission denied/);`;
    expect(await grade({ trap }, STATEMENTS)).toEqual([PASSED]);
  });

  test('checks get in although the server holds every connection it can have', async () => {
    const greedy = STATEMENTS.replace(
      'await pool.query',
      `for (let i = 0; i < 60; i += 1) {
  const client = new pg.Client(process.env.DATABASE_URL);
  client.on('error', () => {});
  client.connect().catch(() => {});
}
await new Promise((resolve) => setTimeout(resolve, 500));
http.createServer((request, response) => response.end()).listen(process.env.PORT, '127.0.0.1'); await new Promise(() => {}); await pool.query`,
    );
    const held = `assert.equal((await postgres.query('SELECT 1 AS one'))[0].one, 1);
      const [{ count }] = await postgres.query("SELECT count(*)::int FROM pg_stat_activity WHERE usename = 'app'");
      assert.ok(count > 20, 'It holds ' + count);`;
    expect(await grade({ held }, greedy)).toEqual([PASSED]);
  });

  test('a schema that cannot be loaded is ours', async () => {
    const shape = { starterFiles: [{ path: 'db/schema.sql', content: 'CREATE TABEL x' }] };
    await expect(grade({ any: 'await 1;' }, STATEMENTS, shape)).rejects.toThrow(
      /schema cannot be loaded: error: syntax error at or near "TABEL"/,
    );
  });
});
