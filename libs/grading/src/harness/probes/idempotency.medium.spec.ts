import { afterAll, describe, expect, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const STATE = '/items';
const judge = (request: unknown, candidate: string, before?: unknown) =>
  judgeBy(engine, { probe: 'idempotency', request, state: STATE, before }, '', candidate);

/** Items by their id, an id of its own for each that is posted; storing takes a moment. */
const store = (routes: string) =>
  serving(
    `if (path === '/items' && method === 'GET') return response.end(JSON.stringify([...items.values()]));
     const id = path.slice('/items/'.length);
     ${routes}`,
    `import { randomUUID } from 'node:crypto';\nconst items = new Map(); const keys = new Map();`,
  );

const PUT = { method: 'PUT', path: '/items/a', json: { name: 'a' } };
const PUTTING = store(
  `await delay(5); items.set(id, await request.toArray().then(String)); return response.end();`,
);

const POST = { method: 'POST', path: '/items', headers: { 'idempotency-key': 'k1' } };
const create = `const item = { id: randomUUID(), at: performance.now() }; await delay(20); items.set(item.id, item); return item;`;
const KEYED = store(`
  const key = request.headers['idempotency-key'];
  if (!keys.has(key)) keys.set(key, (async () => { ${create} })());
  return response.writeHead(201).end(JSON.stringify(await keys.get(key)));`);

const DELETE = { method: 'DELETE', path: '/items/a' };
const DELETING = store(`
  if (method === 'PUT') { items.set(id, { id }); return response.end(); }
  return response.writeHead(items.delete(id) ? 204 : 404).end();`);

describe('idempotency', () => {
  test.each([
    ['replaces', PUT, PUTTING, undefined],
    ['remembers keys, with ids and times of its own', POST, KEYED, undefined],
    ['deletes what is there', DELETE, DELETING, [PUT]],
  ])('passes a server that %s', async (_what, request, server, before) => {
    expect(await judge(request, server, before)).toEqual(PASSED);
  });

  test('fails one that adds each time', async () => {
    const adding = PUTTING.replace('items.set(id,', 'items.set(items.size,');
    expect(await judge(PUT, adding)).toMatchObject({
      verdict: 'failed',
      message:
        'PUT /items/a that comes several times must leave behind what it leaves behind when it comes once.',
    });
  });

  test('fails one that counts', async () => {
    const counting = PUTTING.replace('await request.toArray().then(String)', '(items.get(id) ?? 0) + 1');
    expect((await judge(PUT, counting)).message).toMatch(/must leave behind what it leaves behind/);
  });

  test('fails one that looks for the key, then works, then remembers it', async () => {
    const racing = KEYED.replace(
      /if \(!keys.*/,
      `if (!keys.has(key)) keys.set(key, await (async () => { ${create} })());`,
    );
    expect((await judge(POST, racing)).message).toMatch(/^POST \/items that comes several times/);
  });

  test('fails one that fails when there is nothing left to delete', async () => {
    const failing = DELETING.replace('404', '500');
    expect(await judge(DELETE, failing, [PUT])).toMatchObject({
      message: 'DELETE /items/a may come again, also beside itself.',
      actual: '500',
    });
  });
});
