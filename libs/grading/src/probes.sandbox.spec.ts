import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serverFile } from '../test/echo-task.js';
import { openSandbox, type TestSandbox } from '../test/open-sandbox.js';
import { type Declared, probedTask } from '../test/probing.js';
import { gradeSolution } from './grade-solution.js';

/** Every probe in real sandboxes, against one server that does all of it right and one that does all of it wrong. */

const PROBES: Declared[] = [
  { probe: 'lag', ping: '/ping', heavy: 'POST /report', seconds: 1 },
  { probe: 'drain', ping: '/ping', slow: '/slow', endsWithinMs: 2_000 },
  { probe: 'memory', request: '/ping', warmUp: 500, windows: 4, requestsPerWindow: 200 },
  { probe: 'rejection', ping: '/ping', failing: '/fail' },
  { probe: 'bad-json', ping: '/ping', request: 'PUT /things/a' },
  { probe: 'huge', ping: '/ping', request: 'PUT /things/a' },
  { probe: 'loris', ping: '/ping', closedWithinMs: 4_000 },
  { probe: 'header', ping: '/ping', request: '/go?to={input}' },
  {
    probe: 'idempotency',
    request: { method: 'PUT', path: '/things/a', json: { name: 'a' } },
    state: '/things',
  },
];

const RIGHT = `import { scrypt } from 'node:crypto';
import http from 'node:http';
import { promisify } from 'node:util';
const things = new Map();
const LIMIT = 1024 * 1024;

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > LIMIT) throw Object.assign(new Error('too large'), { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  switch (pathname) {
    case '/ping':
      return response.end('pong');
    case '/report':
      await promisify(scrypt)('a', 'b', 32);
      return response.end('done');
    case '/slow':
      return setTimeout(() => response.end('slow'), 800);
    case '/fail':
      throw new Error('inside');
    case '/go':
      return response.writeHead(302, { location: encodeURI(searchParams.get('to')) }).end();
    case '/things':
      return response.end(JSON.stringify([...things]));
  }
  let thing;
  try {
    thing = JSON.parse(await bodyOf(request));
  } catch (error) {
    throw Object.assign(error, { status: error.status ?? 400 });
  }
  if (typeof thing?.name !== 'string') throw Object.assign(new Error('no name'), { status: 422 });
  things.set(pathname, thing.name);
  return response.end();
}

const options = { headersTimeout: 1000, requestTimeout: 2000, connectionsCheckingInterval: 200 };
const server = http.createServer(options, (request, response) => {
  answer(request, response).catch((error) => {
    response.on('finish', () => error.status === 413 && request.destroy());
    response.writeHead(error.status ?? 500).end();
  });
});
server.listen(process.env.PORT, '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

const WRONG = `import { scryptSync } from 'node:crypto';
import http from 'node:http';
const things = [];
const kept = [];
const server = http.createServer({ headersTimeout: 0, requestTimeout: 0 }, async (request, response) => {
  kept.push(Buffer.alloc(30_000, 1));
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/ping') return response.end('pong');
  if (pathname === '/report') return response.end(scryptSync('a', 'b', 32, { N: 32768, maxmem: 2 ** 26 }));
  if (pathname === '/slow') return setTimeout(() => response.end('slow'), 800);
  if (pathname === '/fail') throw new Error('inside');
  if (pathname === '/go') return response.writeHead(302, { location: searchParams.get('to') }).end();
  if (pathname === '/things') return response.end(JSON.stringify(things));
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  things.push(JSON.parse(Buffer.concat(chunks)));
  response.end();
});
server.listen(process.env.PORT, '127.0.0.1');
`;

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);

afterAll(() => sandbox.close());

const grade = (solution: string) => {
  const bundle = probedTask(PROBES, { reference: RIGHT, limits: { memoryMb: 256 } });
  const files = serverFile(solution);
  return gradeSolution({ engine: sandbox.engine, bundle, files, checks: 'hidden', seed: 'seed' });
};

test('a right server passes all probes', async () => {
  const { reason, checks } = await grade(RIGHT);
  expect(reason).toBeNull();
  expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(checks).toHaveLength(PROBES.length);
}, 180_000);

test('a wrong one passes none', async () => {
  const { reason, checks } = await grade(WRONG);
  expect(reason).toBeNull();
  expect(checks.filter(({ verdict }) => verdict === 'passed')).toEqual([]);
  expect(checks).toHaveLength(PROBES.length);
}, 180_000);
