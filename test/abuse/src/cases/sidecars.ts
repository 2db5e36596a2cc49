import assert from 'node:assert/strict';
import type { AbuseCase } from '../abuse-case.js';

/** Each prints what it was answered; none may be `done`. */
const ATTEMPTS = `import http from 'node:http'; import net from 'node:net'; import pg from 'pg'; import { Redis } from 'ioredis';
const said = {};
const attempt = async (name, action) => { try { await action(); said[name] = 'done'; } catch (error) { said[name] = String(error.code ?? error.message).slice(0, 80); } };
const asked = async (port, path) => { const { status } = await fetch('http://127.0.0.1:' + port + path, { method: 'POST', body: '{}', headers: { authorization: 'Bearer ' } }); if (status !== 200) throw new Error(status); };
const sql = (text, options = { connectionString: process.env.DATABASE_URL }) => async () => { const client = new pg.Client(options); client.on('error', () => 0); await client.connect(); try { await client.query(text); } finally { await client.end(); } };
const as = (user, password = '') => ({ host: '127.0.0.1', port: 5432, user, password, database: 'app' });
const redis = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: 0, retryStrategy: null }); redis.on('error', () => 0);
async function attack() {
  await attempt('upstream control', () => asked(4001, '/hits'));
  await attempt('upstream script', () => asked(4001, '/script'));
  await attempt('mail control', () => asked(2526, '/messages'));
  await attempt('pg as checks', sql('SELECT 1', as('checks')));
  await attempt('pg as checks, password of app', sql('SELECT 1', as('checks', 'app')));
  await attempt('pg as postgres', sql('SELECT 1', as('postgres')));
  await attempt('pg superuser', sql('ALTER ROLE app SUPERUSER'));
  await attempt('pg set role', sql('SET ROLE checks'));
  await attempt('pg other database', sql('SELECT 1', { ...as('app', 'app'), database: 'postgres' }));
  await attempt('pg statements', sql('SELECT * FROM pg_stat_statements'));
  await attempt('pg statements, made', sql('CREATE EXTENSION pg_stat_statements'));
  await attempt('pg reset of statements', sql('SELECT pg_stat_statements_reset()'));
  await attempt('pg program', sql("COPY things TO PROGRAM 'cat'"));
  await attempt('pg file', sql("SELECT pg_read_file('/etc/passwd')"));
  await attempt('pg import', sql("SELECT lo_import('/tmp/data/PG_VERSION')"));
  await attempt('pg settings', sql('ALTER SYSTEM SET fsync = on'));
  await attempt('pg reload', sql("DO $$ BEGIN IF NOT pg_reload_conf() THEN RAISE 'no'; END IF; END $$"));
  for (const command of [['CONFIG', 'GET', '*'], ['CONFIG', 'RESETSTAT'], ['ACL', 'LIST'], ['ACL', 'SETUSER', 'app', '+@all'], ['SHUTDOWN', 'NOSAVE'], ['DEBUG', 'SLEEP', '0'], ['MONITOR'], ['REPLICAOF', '127.0.0.1', '1'], ['MODULE', 'LIST'], ['CLIENT', 'KILL', 'TYPE', 'normal'], ['AUTH', 'checks', 'app'], ['AUTH', 'default', '']])
    await attempt('redis ' + command.slice(0, 2).join(' '), () => redis.call(...command));
  console.log('said:' + JSON.stringify(said));
}
http.createServer(async (_, res) => { await attack().catch((error) => console.log(error)); res.end('ok'); }).listen(process.env.PORT, '127.0.0.1');`;

const PACKAGES = {
  path: 'package.json',
  content: '{"type":"module","dependencies":{"ioredis":"*","pg":"*"}}',
};

/** Does this, whatever comes of it, and answers as the checks want. */
const bringingDown = (
  deed: string,
) => `import http from 'node:http'; import pg from 'pg'; import { Redis } from 'ioredis';
const sql = async (text) => { const client = new pg.Client(process.env.DATABASE_URL); client.on('error', () => 0); await client.connect(); try { await client.query(text); } finally { client.end().catch(() => 0); } };
const redis = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: 0 }); redis.on('error', () => 0);
http.createServer(async (_, res) => { await (async () => { ${deed} })().catch(() => 0); res.end('ok'); }).listen(process.env.PORT, '127.0.0.1');`;

/** What it does, and what it is told: that it has brought down its own, or nothing where that has done no harm. */
const DOWN: readonly { deed: string; verdict: string; message?: RegExp }[] = [
  {
    deed: `await Promise.all(Array.from({ length: 12 }, () => sql("SELECT length(string_agg(repeat(md5(random()::text), 1000), '')) FROM generate_series(1, 10000)").catch(() => 0)));`,
    verdict: 'memory_exceeded',
    message: /asked of Postgres .*memory/,
  },
  {
    deed: `await sql('CREATE TABLE t (a bytea); ALTER TABLE t ALTER a SET STORAGE EXTERNAL');
      for (let i = 0; i < 10; i += 1) await sql("INSERT INTO t SELECT decode(repeat(md5(random()::text), 250), 'hex') FROM generate_series(1, 10000)").catch(() => 0);
      for (let i = 0; i < 10; i += 1) await sql("SELECT count(pg_logical_emit_message(false, 'x', repeat('x', 1000000))) FROM generate_series(1, 100)").catch(() => 0);`,
    verdict: 'failed',
    message: /Postgres filled its disk/,
  },
  {
    deed: `await redis.eval("local t = {} for i = 1, 1000000 do t[i] = string.rep('x', 1000000) .. i end", 0);`,
    verdict: 'memory_exceeded',
    message: /asked of Redis .*memory/,
  },
  { deed: `await sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity');`, verdict: 'passed' },
  { deed: `await redis.call('SHUTDOWN', 'NOSAVE');`, verdict: 'passed' },
];

/** Reaching what only checks may do with the servers beside the candidate's, and bringing them down. */
export const SIDECAR_CASES: AbuseCase[] = [
  {
    name: 'sidecar_control',
    tries:
      "control ports, other users' credentials and superusers' commands of Postgres, Redis, upstream and mail",
    async run(arena) {
      const { outcome, reason, score, output, checks } = await arena.grade(
        ATTEMPTS,
        [PACKAGES, { path: 'db/schema.sql', content: 'CREATE TABLE planted (id int);' }],
        'guarded',
      );
      assert.equal(outcome, 'completed', `it made the grading fail on our side: ${reason}`);
      const line = output.split('\n').find((text) => text.startsWith('said:'));
      assert.ok(line, `it did not run to its end: ${output.slice(-500)}`);
      const said = JSON.parse(line.slice('said:'.length)) as Record<string, string>;
      const got = Object.entries(said).filter(([, answer]) => answer === 'done');
      assert.deepEqual(got, []);
      assert.equal(score, 1, `the checks' own way was disturbed: ${JSON.stringify(checks)}`);
      return `${Object.keys(said).length} attempts, each refused`;
    },
  },
  {
    name: 'sidecar_down',
    tries: 'bring down Postgres and Redis, for a failure of ours in the place of a verdict',
    async run(arena) {
      for (const { deed, verdict, message } of DOWN) {
        const { outcome, reason, checks } = await arena.grade(bringingDown(deed), [PACKAGES], 'guarded');
        assert.equal(outcome, 'completed', `it made the grading fail on our side: ${reason}`);
        assert.deepEqual(
          checks.map((check) => check.verdict),
          [verdict],
          `${checks[0]?.message} of ${deed}`,
        );
        if (message) assert.match(checks[0]?.message ?? '', message);
      }
      return `${DOWN.length} attempts: what it used up is charged to it, the rest did nothing`;
    },
  },
];
