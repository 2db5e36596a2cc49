import type { ConsoleRequest } from '@assay/contracts/http';
import { waitFor } from '@assay/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { echoTask, type TaskShape } from '../test/echo-task.js';
import { openSandbox, type TestSandbox } from '../test/open-sandbox.js';
import { type LiveServer, startLiveServer } from './live-server.js';

/** A live run of a task with sidecars, in a real sandbox. */

let sandbox: TestSandbox;
let running: LiveServer[] = [];

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);
afterEach(async () => {
  await Promise.all(running.map((server) => server.close()));
  running = [];
});
afterAll(() => sandbox.close());

const SCHEMA = `CREATE TABLE things (name text NOT NULL); INSERT INTO things VALUES ('from the schema');`;

/** Needs Postgres and Redis before it listens, as an application may. */
const APPLICATION = `import http from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import pg from 'pg';
import { Redis } from 'ioredis';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on('error', () => {});
const redis = new Redis(process.env.REDIS_URL);
redis.on('error', () => {});
const { rows: [{ name }] } = await pool.query('SELECT name FROM things');
await redis.set('started', 'yes');
const said = async (...lines) => {
  const socket = net.connect(new URL(process.env.SMTP_URL).port, '127.0.0.1').setEncoding('latin1');
  let heard = '';
  socket.on('data', (chunk) => { heard += chunk; const line = lines.shift(); if (line) socket.write(line + '\\r\\n'); else socket.end(); });
  await new Promise((resolve) => socket.once('close', resolve));
  return heard;
};
const routes = {
  '/things': async () => (await pool.query('INSERT INTO things VALUES ($1) RETURNING name', [name + ', again'])).rows,
  '/counted': () => redis.incr('count'),
  '/upstream': async () => (await fetch(process.env.UPSTREAM_URL + '/x')).status,
  '/mail': () => said('HELO a'),
  '/instance': () => process.env.PORT,
  '/environment': () => ({ env: Object.keys(process.env).sort(), processes: readdirSync('/proc').filter((pid) => /^\\d+$/.test(pid)).map((pid) => readFileSync('/proc/' + pid + '/cmdline', 'latin1').split('\\0').join(' ')) }),
  '/as-checks': () => redis.call('AUTH', 'checks', 'app').catch((error) => error.message),
  '/memory': () => redis.eval("local t = {} for i = 1, 1000000 do t[i] = string.rep('x', 1000000) .. i end", 0),
  '/end': () => process.exit(7),
};
http.createServer(async (request, response) => {
  try { response.end(JSON.stringify(await routes[request.url]())); } catch (error) { response.writeHead(500).end(error.message); }
}).listen(process.env.PORT, '127.0.0.1', () => console.log('listening on ' + process.env.PORT));
`;

async function live(shape: Partial<TaskShape> = {}): Promise<LiveServer> {
  const server = await startLiveServer({
    engine: sandbox.engine,
    bundle: echoTask({
      hidden: {},
      sidecars: { postgres: { schema: 'db/schema.sql' }, redis: {}, upstream: {}, mail: {} },
      starterFiles: [{ path: 'db/schema.sql', content: SCHEMA }],
      startTimeoutMs: 20_000,
      ...shape,
    }),
    files: [
      { path: 'package.json', content: '{"type":"module","dependencies":{"pg":"*","ioredis":"*"}}' },
      { path: 'server.js', content: APPLICATION },
    ],
    limitMs: 60_000,
    onOutput: () => {},
  });
  running.push(server);
  return server;
}

/** What the candidate's console shows. */
async function get(server: LiveServer, target: string): Promise<unknown> {
  const request: ConsoleRequest = { method: 'GET', target, headers: [], body: '', bodyEncoding: 'text' };
  const reply = await server.ask(request);
  return reply.outcome === 'answered' && reply.status === 200 ? JSON.parse(reply.body) : reply;
}

describe('a live run of a task with sidecars', () => {
  test('finds each of them, with the tables of the task', async () => {
    const server = await live();
    expect(await server.listening).toBe(true);
    expect(await get(server, '/things')).toEqual([{ name: 'from the schema, again' }]);
    expect(await get(server, '/counted')).toBe(1);
    expect(await get(server, '/counted')).toBe(2);
    expect(await get(server, '/upstream')).toBe(404);
    expect(await get(server, '/mail')).toMatch(/^220 .*\r\n250 /);
  });

  test('holds no secret of theirs where the candidate looks', async () => {
    const server = await live();
    await server.listening;
    const { env, processes } = (await get(server, '/environment')) as { env: string[]; processes: string[] };
    expect(env).toEqual([
      ...['DATABASE_URL', 'HOME', 'PATH', 'PORT', 'PWD', 'REDIS_URL', 'SMTP_URL', 'TZ', 'UPSTREAM_URL'],
    ]);
    expect(processes.join()).not.toMatch(/postgres|redis-server|console/);
    expect(await get(server, '/as-checks')).toMatch(/WRONGPASS/);
  });

  test('runs two servers behind the balancer where the task says so, and ends with one of them', async () => {
    const server = await live({ instances: 2 });
    expect(await server.listening).toBe(true);
    const seen = new Set<unknown>();
    for (let i = 0; i < 4; i += 1) seen.add(await get(server, '/instance'));
    expect(seen).toEqual(new Set(['3001', '3002']));
    await waitFor('both outputs', () => /3001[^]*3002|3002[^]*3001/.test(server.outputTail()));
    void get(server, '/end').catch(() => {});
    expect(await server.ended).toEqual({
      message: 'One of your servers ended with exit code 7.',
      exitCode: 7,
      exitSignal: null,
    });
  });

  test('that brings one of them down is told so', async () => {
    const server = await live();
    await server.listening;
    void get(server, '/memory').catch(() => {});
    expect(await server.ended).toEqual({
      message: 'What your server asked of Redis took more than its 256 MB of memory.',
      exitCode: null,
      exitSignal: null,
    });
  });

  test('whose tables cannot be made is ours', async () => {
    const starterFiles = [{ path: 'db/schema.sql', content: 'CREATE TABEL x' }];
    await expect(live({ starterFiles })).rejects.toThrow(/schema cannot be loaded: error: syntax error/);
  });
});
