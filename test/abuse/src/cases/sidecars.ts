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

/** Reaching what only checks may do with the servers beside the candidate's. */
export const SIDECAR_CASES: AbuseCase[] = [
  {
    name: 'sidecar_control',
    tries:
      "control ports, other users' credentials and superusers' commands of Postgres, Redis, upstream and mail",
    async run(arena) {
      const { outcome, reason, score, output, checks } = await arena.grade(
        ATTEMPTS,
        [
          { path: 'package.json', content: '{"type":"module","dependencies":{"ioredis":"*","pg":"*"}}' },
          { path: 'db/schema.sql', content: 'CREATE TABLE planted (id int);' },
        ],
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
];
