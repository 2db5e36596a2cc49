import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { echoTask, serverFile, type TaskShape } from '../../test/echo-task.js';
import { openSandbox, type TestSandbox } from '../../test/open-sandbox.js';
import { gradeSolution } from '../grade-solution.js';

/** The upstream in a real sandbox: what a task like content.md's T06 needs of it. */

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openSandbox();
}, 120_000);

afterAll(() => sandbox.close());

const grade = (checks: Record<string, string>, solution: string, shape: Partial<TaskShape> = {}) =>
  sandbox.judge(checks, solution, { sidecars: { upstream: {} }, ...shape });

const PASSED = { verdict: 'passed', message: null };

/** Passes each request on; `onError` runs when the upstream gives no answer. */
const PROXY = `import http from 'node:http';
http.createServer(async (request, response) => {
  const over = new AbortController();
  response.once('close', () => over.abort());
  const timer = setTimeout(() => over.abort(), 500);
  try {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = parts.length > 0 ? Buffer.concat(parts) : undefined;
    const answer = await fetch(process.env.UPSTREAM_URL + request.url, { method: request.method, body, signal: over.signal });
    const text = await answer.text();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(text);
  } catch {
    response.writeHead(503).end();
  } finally {
    clearTimeout(timer);
  }
}).listen(process.env.PORT, '127.0.0.1');
`;

describe('the upstream', () => {
  test('answers by its script and remembers what it was asked', async () => {
    const sequence = `
      await upstream.script('GET /price/a1', { status: 500 }, { status: 503, body: 'soon' }, { json: { cents: 12 } });
      await upstream.script('/price/*', { status: 418 });
      const answers = [];
      for (let i = 0; i < 4; i += 1) answers.push(await http.get('/price/a1?i=' + i));
      assert.deepEqual(answers.map(({ status }) => status), [500, 503, 200, 200]);
      assert.deepEqual(answers[3].json(), { cents: 12 });
      assert.equal((await http.get('/price/b')).status, 418);
      assert.equal((await http.post('/price/a1', { qty: 1 })).status, 418);
      assert.equal((await http.get('/else')).status, 404);
      const hits = await upstream.hits('/price/a1');
      assert.deepEqual(hits.map(({ method, path, body, end }) => [method, path, body, end]), [
        ...[0, 1, 2, 3].map((i) => ['GET', '/price/a1?i=' + i, '', 'answered']),
        ['POST', '/price/a1', '{"qty":1}', 'answered'],
      ]);
      assert.ok(hits.every(({ startedMs, endedMs }) => startedMs <= endedMs && Math.abs(endedMs - Date.now()) < 60_000));
      assert.equal((await upstream.hits()).length, 7);
      await upstream.reset();
      assert.equal((await upstream.hits()).length, 0);
      assert.equal((await http.get('/price/a1')).status, 404);`;
    expect(await grade({ sequence }, PROXY)).toEqual([PASSED]);
  });

  test('hangs, resets, stalls, is slow and goes away', async () => {
    const faults = `
      await upstream.script('/hang', { fault: 'hang' });
      await upstream.script('/reset', { fault: 'reset' });
      await upstream.script('/stall', { body: 'x'.repeat(1000), fault: 'stall' });
      await upstream.script('/slow', { body: 'late', delayMs: 200 });
      assert.equal((await http.get('/hang')).status, 503);
      assert.equal((await http.get('/reset')).status, 503);
      assert.equal((await http.get('/stall')).status, 503);
      assert.equal((await http.get('/slow')).text, 'late');
      const ends = async () => (await upstream.hits()).map(({ path, end }) => path + ' ' + end);
      while ((await ends()).includes('/stall null')) await new Promise(setImmediate);
      assert.deepEqual(await ends(), ['/hang aborted', '/reset reset', '/stall aborted', '/slow answered']);
      const [, , , slow] = await upstream.hits();
      assert.ok(slow.endedMs - slow.startedMs >= 199);
      await upstream.stop();
      assert.equal((await http.get('/slow')).status, 503);
      assert.equal((await upstream.sockets()).open, 0);
      await upstream.start();
      assert.equal((await http.get('/slow')).text, 'late');`;
    expect(await grade({ faults }, PROXY)).toEqual([PASSED]);
  });

  test('counts the connections and sees a caller leave', async () => {
    const leaving = `
      await upstream.script('/hang', { fault: 'hang' });
      const exchanges = [1, 2, 3].map(() => http.open({ method: 'GET', path: '/hang' }));
      for (const exchange of exchanges) { exchange.answer.catch(() => {}); await exchange.end(); }
      while ((await upstream.hits()).length < 3) await new Promise(setImmediate);
      assert.deepEqual(await upstream.sockets(), { open: 3, peak: 3 });
      const leftMs = performance.timeOrigin + performance.now();
      exchanges[0].abort();
      let hits;
      do hits = await upstream.hits(); while (!hits.some(({ end }) => end === 'aborted'));
      assert.ok(hits.find(({ end }) => end === 'aborted').endedMs - leftMs < 400, 'The call must end with its caller.');`;
    expect(await grade({ leaving }, PROXY)).toEqual([PASSED]);
  });

  test('is fresh for every check and for every window of a comparison', async () => {
    const first = `
      await upstream.script('/a', { body: 'first' });
      assert.equal((await http.get('/a')).text, 'first');`;
    const second = `
      assert.equal((await upstream.hits()).length, 0);
      assert.equal((await http.get('/a')).status, 404);
      await compare({
        measure: async ({ http, upstream }) => {
          await http.get('/a');
          return (await upstream.hits()).length;
        },
        limit: (reference) => reference,
        unit: 'calls',
        message: 'It must call once.',
      });`;
    expect(await grade({ first, second }, PROXY, { reference: PROXY })).toEqual([PASSED, PASSED]);
  });

  test('is never made ready beside a window of a comparison', async () => {
    const events: string[] = [];
    const openPod = async () => {
      const pod = await sandbox.engine.openPod();
      const start: typeof pod.start = async (spec) => {
        const container = await pod.start(spec);
        if (spec.part === 'checks') return container;
        events.push(`${spec.part} starts`);
        void container.exited.then(() => events.push(`${spec.part} ends`));
        return container;
      };
      return { ...pod, start };
    };
    const compares = `await compare({
      measure: async ({ http }) => { await http.get('/a'); return 1; },
      limit: (reference) => reference,
      unit: 'calls',
      message: 'It must answer.',
    });`;
    const hidden = { compares: { code: compares, timeoutMs: 30_000 }, next: { code: '' } };
    const bundle = echoTask({ hidden, sidecars: { upstream: {} }, reference: PROXY });
    const engine = { ...sandbox.engine, openPod };
    const files = serverFile(PROXY);
    const { reason } = await gradeSolution({ engine, bundle, files, checks: 'hidden', seed: 'seed' });
    expect(reason).toBeNull();
    // The comparison begins with the end of the server that the check was given. Until then the next one is made ready.
    const compared = events.slice(events.indexOf('candidate ends') + 1);
    const windows = compared.join().match(/candidate starts,(?:upstream \w+,)*candidate ends/g) ?? [];
    expect(windows.length).toBeGreaterThanOrEqual(4);
    expect(windows.filter((window) => window.includes('upstream starts'))).toEqual([]);
  });

  test('is controlled by nobody who lacks the secret, and holds nothing of it where the candidate looks', async () => {
    const prying = `import http from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
http.createServer(async (request, response) => {
  const ask = (headers) => fetch('http://127.0.0.1:4001/reset', { method: 'POST', body: '{}', headers })
    .then(({ status }) => status, () => 'refused');
  const seen = { statuses: [await ask({}), await ask({ authorization: 'Bearer ' + '0'.repeat(48) })], env: process.env };
  seen.processes = readdirSync('/proc').filter((name) => /^\\d+$/.test(name))
    .map((pid) => readFileSync('/proc/' + pid + '/cmdline', 'utf8').replaceAll('\\0', ' '));
  response.end(JSON.stringify(seen));
}).listen(process.env.PORT, '127.0.0.1');
`;
    const looks = `
      await upstream.script('/a', { body: 'a' });
      const { statuses, env, processes } = (await http.get('/')).json();
      assert.deepEqual(statuses, [401, 401]);
      assert.deepEqual(Object.keys(env).sort(), ['HOME', 'PATH', 'PORT', 'PWD', 'TZ', 'UPSTREAM_URL']);
      assert.ok(processes.every((line) => !line.includes('upstream')), processes.join());`;
    expect(await grade({ looks }, prying)).toEqual([PASSED]);
  });

  test('a candidate that takes its port while it is away fails the check', async () => {
    const squatter = `import http from 'node:http';
http.createServer((request, response) => {
  const squatting = http.createServer();
  squatting.once('listening', () => response.end('taken'));
  squatting.once('error', () => response.end('not free'));
  squatting.listen(4000, '127.0.0.1');
}).listen(process.env.PORT, '127.0.0.1');
`;
    const away = `
      assert.equal((await http.get('/')).text, 'not free');
      await upstream.stop();
      assert.equal((await http.get('/')).text, 'taken');
      await upstream.start();`;
    expect(await grade({ away }, squatter)).toEqual([
      {
        verdict: 'failed',
        message: 'Something else listened on port 4000 when the upstream was to come back there.',
      },
    ]);
  });

  test('its death is ours, whatever the check says of the candidate', async () => {
    const killing = `
      const flood = 'x'.repeat(3_000_000);
      for (let i = 0; i < 200; i += 1) await upstream.script('/' + i, { body: flood });`;
    await expect(grade({ killing }, PROXY)).rejects.toThrow('the sidecar upstream');
  });
});
