import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TaskShape } from '../../test/echo-task.js';
import { openSandbox, type TestSandbox } from '../../test/open-sandbox.js';

/** Two instances behind a balancer in a real sandbox: what a task like content.md's T16 needs. */

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);

afterAll(() => sandbox.close());

const grade = (checks: Record<string, string>, solution: string, shape: Partial<TaskShape> = {}) =>
  sandbox.judge(checks, solution, { instances: 2, sidecars: { redis: {} }, ...shape });

const PASSED = { verdict: 'passed', message: null };

/** POST / counts, in \`store\`; GET / gives the count and who answers, GET /events a line that stays open. */
const counter = (store: 'memory' | 'redis') => `import http from 'node:http';
import { Redis } from 'ioredis';
const redis = new Redis(process.env.REDIS_URL);
let count = 0;
const shared = ${store === 'redis'};
http.createServer(async (request, response) => {
  if (request.url === '/events') return response.write('open');
  if (request.url === '/crash') process.exit(3);
  if (request.method === 'POST') count = shared ? await redis.incr('count') : count + 1;
  const seen = shared ? Number(await redis.get('count')) : count;
  response.end(JSON.stringify({ count: seen, port: process.env.PORT }));
}).listen(process.env.PORT, '127.0.0.1');
`;

const ASKS = `const ask = async (client = http) => (await client.get('/')).json();
  const [one, two] = server.instances;`;

const TURNS = `${ASKS}
  const ports = [];
  for (let i = 0; i < 4; i += 1) ports.push((await ask()).port);
  assert.deepEqual(ports.sort(), ['3001', '3001', '3002', '3002']);
  assert.equal((await ask(one.http)).port, '3001');
  assert.equal((await ask(two.http)).port, '3002');
  await Promise.all(Array.from({ length: 200 }, () => http.post('/', {})));
  assert.deepEqual([(await ask(one.http)).count, (await ask(two.http)).count], [200, 200], 'Both must count as one.');`;

describe('two instances', () => {
  test('take turns, and must act as one', async () => {
    expect(await grade({ turns: TURNS }, counter('redis'))).toEqual([PASSED]);
    expect(await grade({ turns: TURNS }, counter('memory'))).toMatchObject([
      { verdict: 'failed', message: 'Both must count as one.' },
    ]);
  });

  test('one may be killed and come back while the other goes on', async () => {
    const kills = `${ASKS}
      await http.post('/', {});
      const events = one.http.get('/events').catch((error) => error.message);
      await one.kill();
      assert.match(await events, /broke|closed/);
      for (let i = 0; i < 4; i += 1) assert.deepEqual(await ask(), { count: 1, port: '3002' });
      assert.deepEqual(await one.exit({ withinMs: 0 }), { code: null, signal: 'SIGKILL' });
      assert.equal(await two.exit({ withinMs: 0 }), null);
      assert.ok((await two.usage()).processes >= 1);
      await assert.rejects(two.start(), /a server runs already/);
      await one.start();
      assert.deepEqual(new Set([(await ask()).port, (await ask()).port]), new Set(['3001', '3002']));
      await assert.rejects(server.signal('SIGTERM'), /say which/);
      await server.restart();
      assert.equal((await ask()).count, 1);
      assert.equal(await two.signal('SIGTERM'), true);
      assert.deepEqual(await two.exit({ withinMs: 5000 }), { code: null, signal: 'SIGTERM' });`;
    expect(await grade({ kills }, counter('redis'))).toEqual([PASSED]);
  });

  test('one that crashes is told', async () => {
    const crashes = `await server.instances[1].http.get('/crash');`;
    expect(await grade({ crashes }, counter('redis'))).toMatchObject([
      { verdict: 'crashed', message: 'Your server ended with exit code 3 during this check.' },
    ]);
  });

  test('are compared with two of the reference', async () => {
    const compares = `await compare({
      measure: async ({ http, server }) => {
        assert.equal(server.instances.length, 2);
        await http.post('/', {});
        await http.post('/', {});
        return (await server.instances[0].http.get('/')).json().count;
      },
      limit: (reference) => reference,
      unit: 'counted',
      message: 'It must count as the reference does.',
    });`;
    const reference = counter('redis');
    expect(await grade({ compares }, counter('redis'), { reference })).toEqual([PASSED]);
  });

  test('hundreds of connections at a time pass', async () => {
    const many = `
      const open = Array.from({ length: 220 }, () => http.open({ method: 'POST', path: '/' }));
      await Promise.all(open.map((exchange) => exchange.write('x')));
      await Promise.all(open.map((exchange) => exchange.end()));
      for (const { answer } of open) assert.equal((await answer).status, 200);`;
    expect(await grade({ many }, counter('redis'))).toEqual([PASSED]);
  });
});
