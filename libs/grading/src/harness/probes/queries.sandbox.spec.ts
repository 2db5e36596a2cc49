import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSandbox, type TestSandbox } from '../../../test/open-sandbox.js';
import { type Declared, judgeBy, PASSED } from '../../../test/probing.js';

/** Probes of what needs Postgres or Redis. */

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);

afterAll(() => sandbox.close());

const SCHEMA = `
CREATE TABLE orders (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, sku text NOT NULL, key text);
INSERT INTO orders (sku) SELECT 'sku-' || n FROM generate_series(1, 60) AS n;
`;

const serving = (routes: string) => `import http from 'node:http';
import pg from 'pg';
import { Redis } from 'ioredis';
const pool = process.env.DATABASE_URL && new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5 });
const redis = process.env.REDIS_URL && new Redis(process.env.REDIS_URL);
const sql = async (text, ...values) => (await pool.query(text, values)).rows;
const server = http.createServer(async (request, response) => {
  const { method } = request;
  const { pathname: path, searchParams } = new URL(request.url, 'http://localhost');
  const limit = Number(searchParams.get('limit'));
  const answer = (value) => response.end(JSON.stringify(value));
  ${routes}
  response.writeHead(404).end();
});
server.listen(process.env.PORT, '127.0.0.1');
`;

const POSTGRES = {
  sidecars: { postgres: { schema: 'db/schema.sql' } },
  starterFiles: [{ path: 'db/schema.sql', content: SCHEMA }],
};

describe('queries', () => {
  const PROBE: Declared = { probe: 'queries', request: '/orders?limit={n}' };
  const ONE = serving(`return answer(await sql('SELECT * FROM orders ORDER BY id LIMIT $1', limit));`);
  const judge = (candidate: string) => judgeBy(sandbox.engine, PROBE, ONE, candidate, POSTGRES);

  test('passes a server that asks once', async () => {
    expect(await judge(ONE)).toEqual(PASSED);
  }, 120_000);

  test('fails one that asks for each', async () => {
    const each = serving(`
      const ids = await sql('SELECT id FROM orders ORDER BY id LIMIT $1', limit);
      return answer(await Promise.all(ids.map(({ id }) => sql('SELECT * FROM orders WHERE id = $1', id))));`);
    expect(await judge(each)).toEqual({
      verdict: 'failed',
      message: 'GET /orders?limit={n} must not need more queries for more results.',
      expected: '11 for 50, as for 10',
      actual: '51 for 50',
    });
  }, 120_000);

  test('fails one that asks for what nobody needs', async () => {
    const counting = serving(`
      for (let i = 0; i < 5; i += 1) await sql('SELECT count(*) FROM orders WHERE id > $1', i);
      return answer(await sql('SELECT * FROM orders ORDER BY id LIMIT $1', limit));`);
    expect(await judge(counting)).toEqual({
      verdict: 'failed',
      message: 'GET /orders?limit={n} must do with few queries.',
      expected: "at most 3 queries, from the reference's 1 queries",
      actual: '6 queries',
    });
  }, 120_000);

  test('counts the commands of Redis', async () => {
    const probe: Declared = { ...PROBE, store: 'redis', request: '/keys?limit={n}' };
    const keys = 'const keys = Array.from({ length: limit }, (_, i) => "k" + i);';
    const one = serving(`${keys} return answer(await redis.mget(keys));`);
    const each = serving(`${keys} return answer(await Promise.all(keys.map((key) => redis.get(key))));`);
    const shape = { sidecars: { redis: {} } };
    expect(await judgeBy(sandbox.engine, probe, one, one, shape)).toEqual(PASSED);
    expect(await judgeBy(sandbox.engine, probe, one, each, shape)).toMatchObject({
      message: 'GET /keys?limit={n} must not need more queries for more results.',
      actual: '50 for 50',
    });
  }, 120_000);
});

describe('idempotency in a database', () => {
  const PROBE: Declared = {
    probe: 'idempotency',
    request: { method: 'POST', path: '/orders', headers: { 'idempotency-key': 'k1' } },
    state: '/orders',
  };
  const posting = (insert: string) =>
    serving(`
      if (method === 'GET') return answer(await sql('SELECT id, sku FROM orders WHERE key IS NOT NULL'));
      const key = request.headers['idempotency-key'];
      ${insert}
      return answer({});`);

  test('starts each time with an empty one', async () => {
    const atomic = posting(`await sql('SELECT pg_advisory_lock(1)');
      await sql("INSERT INTO orders (sku, key) SELECT 'a', $1 WHERE NOT EXISTS (SELECT FROM orders WHERE key = $1)", key);
      await sql('SELECT pg_advisory_unlock(1)');`).replace('max: 5', 'max: 1');
    expect(await judgeBy(sandbox.engine, PROBE, atomic, atomic, POSTGRES)).toEqual(PASSED);
    const racing = posting(`
      const found = await sql('SELECT FROM orders WHERE key = $1', key);
      await sql('SELECT pg_sleep(0.1)'); // long enough for the others to look too
      if (found.length === 0) await sql("INSERT INTO orders (sku, key) VALUES ('a', $1)", key);`);
    expect((await judgeBy(sandbox.engine, PROBE, racing, racing, POSTGRES)).message).toMatch(
      /^POST \/orders that comes several times/,
    );
  }, 120_000);
});
