import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TaskShape } from '../../test/echo-task.js';
import { openSandbox, type TestSandbox } from '../../test/open-sandbox.js';

/** Redis in a real sandbox: what tasks like content.md's T09 and T16 need of it. */

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);

afterAll(() => sandbox.close());

const grade = (checks: Record<string, string>, solution: string, shape: Partial<TaskShape> = {}) =>
  sandbox.judge(checks, solution, { sidecars: { redis: {} }, ...shape });

const PASSED = { verdict: 'passed', message: null };

/** Runs the command in its path, `/set/k/v`, and answers with what Redis said; 503 when that takes more than a second. */
const COMMANDS = `import http from 'node:http';
import { Redis } from 'ioredis';
const redis = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: 1, commandTimeout: 500, retryStrategy: () => 50 });
redis.on('error', () => {});
http.createServer(async (request, response) => {
  try {
    const [name, ...args] = request.url.slice(1).split('/').map(decodeURIComponent);
    response.end(JSON.stringify(await redis.call(name, ...args)));
  } catch (error) {
    response.writeHead(503).end(error.message);
  }
}).listen(process.env.PORT, '127.0.0.1');
`;

describe('redis', () => {
  test('is seen by checks behind the back of the server, and counts what the server called', async () => {
    const seen = `
      assert.equal((await http.get('/set/k/v/PX/60000')).text, '"OK"');
      assert.equal(await redis.command('GET', 'k'), 'v');
      const left = await redis.command('PTTL', 'k');
      assert.ok(left > 0 && left <= 60000);
      await redis.command('HSET', 'h', 'a', 1);
      assert.deepEqual(await redis.command('HGETALL', 'h'), ['a', '1']);
      await http.get('/get/k');
      await http.get('/get/k');
      await http.get('/keys/*');
      for (let i = 0; i < 3; i += 1) {
        const { get, set, keys, pttl, hset, hgetall, auth, info } = await redis.commands();
        assert.deepEqual({ get, set, keys }, { get: 2, set: 1, keys: 1 });
        assert.deepEqual([pttl, hset, hgetall, auth], [undefined, undefined, undefined, undefined]);
        assert.equal(info, 1, 'ioredis asks once whether Redis is ready.');
      }
      await assert.rejects(redis.command('NOSUCH'), /unknown command/);`;
    expect(await grade({ seen }, COMMANDS)).toEqual([PASSED]);
  });

  test('is empty for every check', async () => {
    const check = `
      assert.equal(await redis.command('DBSIZE'), 0);
      await http.get('/set/k/v');
      assert.equal(await redis.command('DBSIZE'), 1);`;
    expect(await grade({ first: check, second: check }, COMMANDS)).toEqual([PASSED, PASSED]);
  });

  test('goes away and comes back with what was acknowledged', async () => {
    const away = `
      const comesBack = async () => {
        while ((await http.get('/get/k')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
        return (await http.get('/get/k')).text;
      };
      for (const [how, value] of [['stop', 'one'], ['kill', 'two']]) {
        assert.equal((await http.get('/set/k/' + value)).status, 200);
        await redis[how]();
        assert.equal((await http.get('/get/k')).status, 503);
        await assert.rejects(redis.command('GET', 'k'), /redis is away/);
        await redis.start();
        assert.equal(await redis.command('GET', 'k'), value);
        assert.equal(await comesBack(), JSON.stringify(value));
        assert.equal((await redis.commands()).set, undefined);
      }
      await redis.pause();
      const answer = await http.get('/get/k');
      assert.equal(answer.status, 503);
      assert.match(answer.text, /timed out/i);
      await redis.resume();
      assert.equal(await comesBack(), '"two"');`;
    expect(await grade({ away }, COMMANDS)).toEqual([PASSED]);
  });

  test('gives the server its data, and nothing that concerns Redis itself or others', async () => {
    const refused = [
      'config/get/*',
      'acl/list',
      'shutdown/nosave',
      'debug/sleep/0',
      'monitor',
      'client/list',
      'client/pause/100',
    ];
    const rights = `
      for (const path of ${JSON.stringify(refused)}) {
        const { status, text } = await http.get('/' + path);
        assert.deepEqual([path, status, /^NOPERM|DEBUG command not allowed/.test(text)], [path, 503, true], text);
      }
      assert.match((await http.get('/auth/checks/app')).text, /WRONGPASS/);
      assert.match((await http.get('/client/kill/type/normal')).text, /NOPERM/);
      assert.equal((await http.get('/flushall')).status, 200);`;
    expect(await grade({ rights }, COMMANDS)).toEqual([PASSED]);
  });

  test('a server that takes its port while it is away fails the check', async () => {
    const squatter = `import http from 'node:http';
import net from 'node:net';
http.createServer((request, response) => {
  net.createServer().listen(6379, '127.0.0.1', () => response.end('taken'));
}).listen(process.env.PORT, '127.0.0.1');
`;
    const away = `
      await redis.stop();
      await http.get('/');
      await redis.start();`;
    expect(await grade({ away }, squatter)).toEqual([
      {
        verdict: 'failed',
        message: 'Something else listened on port 6379 when redis was to come back there.',
      },
    ]);
  });

  test('its death is ours', async () => {
    const killing = `await redis.command('SHUTDOWN', 'NOSAVE').catch(() => {});`;
    await expect(grade({ killing }, COMMANDS)).rejects.toThrow('the sidecar redis failed');
  });
});
