import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSandbox, type TestSandbox } from '../../test/open-sandbox.js';

/** A server that uses a sidecar up: that is its own failure, and whatever else brings one down is ours. */

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);

afterAll(() => sandbox.close());

/** Does this when it is asked for `/`, and says `done` whatever comes of it. */
const doing = (deed: string) => [
  { path: 'package.json', content: '{"type":"module","dependencies":{"pg":"*","ioredis":"*"}}' },
  {
    path: 'server.js',
    content: `import http from 'node:http';
import pg from 'pg';
import { Redis } from 'ioredis';
const sql = async (text) => {
  const client = new pg.Client(process.env.DATABASE_URL);
  client.on('error', () => {});
  await client.connect();
  try { return (await client.query(text)).rows; } finally { client.end().catch(() => {}); }
};
const redis = process.env.REDIS_URL && new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: 0 });
redis?.on('error', () => {});
const deed = async () => { ${deed} };
http.createServer(async (_, response) => {
  await deed().catch((error) => console.log(error.message));
  response.end('done');
}).listen(process.env.PORT, '127.0.0.1');
`,
  },
];
/** Tables alone end in errors that Postgres survives; its log does not. */
const FILL_DISK = `await sql('CREATE TABLE t (a bytea); ALTER TABLE t ALTER a SET STORAGE EXTERNAL');
  for (let i = 0; i < 10; i += 1)
    await sql("INSERT INTO t SELECT decode(repeat(md5(random()::text), 250), 'hex') FROM generate_series(1, 10000)").catch(() => {});
  for (let i = 0; i < 10; i += 1)
    await sql("SELECT count(pg_logical_emit_message(false, 'x', repeat('x', 1000000))) FROM generate_series(1, 100)").catch(() => {});`;
const FILL_MEMORY = `const big = "SELECT length(string_agg(repeat(md5(random()::text), 1000), '')) FROM generate_series(1, 10000)";
  await Promise.all(Array.from({ length: 12 }, () => sql(big).catch(() => {})));`;
const FILL_REDIS = `await redis.eval("local t = {} for i = 1, 1000000 do t[i] = string.rep('x', 1000000) .. i end", 0);`;

const ASK = `const { text } = await http.get('/', { timeoutMs: 50_000 }); assert.equal(text, 'done');`;
const judge = (check: string, deed: string, sidecars: object) =>
  sandbox.judge({ check: ASK + check }, doing(deed), { sidecars });

const MEMORY_OF_POSTGRES = {
  verdict: 'memory_exceeded',
  message: 'What your server asked of Postgres took more than its 448 MB of memory.',
};
const DISK_OF_POSTGRES = {
  verdict: 'failed',
  message: 'What your server stored in Postgres filled its disk of 224 MB.',
};
const MEMORY_OF_REDIS = {
  verdict: 'memory_exceeded',
  message: 'What your server asked of Redis took more than its 256 MB of memory.',
};

describe('a server that uses up', () => {
  test.each([
    ['the memory of Postgres gets no pass', FILL_MEMORY, '', MEMORY_OF_POSTGRES],
    ['the disk of Postgres gets no pass', FILL_DISK, '', DISK_OF_POSTGRES],
    ['it while a check asks Postgres', FILL_DISK, "await postgres.query('SELECT 1');", DISK_OF_POSTGRES],
    [
      'it before a check restarts Postgres',
      FILL_DISK,
      'await postgres.stop(); await postgres.start();',
      DISK_OF_POSTGRES,
    ],
  ])('%s', async (_, deed, check, expected) => {
    expect(await judge(check, deed, { postgres: {} })).toEqual([expected]);
  });

  test.each([
    ['the memory of Redis gets no pass', ''],
    ['it before a check asks Redis', "await redis.command('DBSIZE');"],
    ['it before a check stops Redis', 'await redis.stop();'],
  ])('%s', async (_, check) => {
    expect(await judge(check, FILL_REDIS, { redis: {} })).toEqual([MEMORY_OF_REDIS]);
  });

  test('one in a comparison, too', async () => {
    const compared = `await compare({ measure: async ({ http }) => { await http.get('/', { timeoutMs: 50_000 }); return 1; },
      limit: (reference) => reference, unit: 'ms', message: 'It must be as fast.' });`;
    const reference = `import http from 'node:http';
      http.createServer((_, response) => response.end('done')).listen(process.env.PORT, '127.0.0.1');`;
    const shape = { sidecars: { redis: {} }, reference };
    expect(await sandbox.judge({ compared }, doing(FILL_REDIS), shape)).toEqual([MEMORY_OF_REDIS]);
    const wrong = doing(FILL_REDIS).at(-1)?.content;
    await expect(sandbox.judge({ compared }, doing(''), { ...shape, reference: wrong })).rejects.toThrow(
      /the server ran out|without the candidate's server redis ran out/,
    );
  });
});
