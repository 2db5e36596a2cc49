import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { mapLimit } from '../map-limit.js';

/** An fn whose calls end when the test says so. */
function manual() {
  const calls = [];
  const fn = (item) => new Promise((resolve, reject) => calls.push({ item, resolve, reject }));
  return { calls, fn };
}

test('keeps the order and refills a free place', async () => {
  const { calls, fn } = manual();
  const promise = mapLimit(['a', 'b', 'c'], 2, fn);
  await turn();
  assert.equal(calls.length, 2);
  calls[1].resolve('B');
  await turn();
  assert.equal(calls.length, 3);
  calls[2].resolve('C');
  calls[0].resolve('A');
  assert.deepEqual(await promise, ['A', 'B', 'C']);
});

test('a failure waits for running calls, starts no other, and closes the source', async () => {
  let closed = false;
  function* endless() {
    try {
      for (let number = 0; ; number += 1) yield number;
    } finally {
      closed = true;
    }
  }
  const { calls, fn } = manual();
  let settled = false;
  const promise = mapLimit(endless(), 2, fn).finally(() => {
    settled = true;
  });
  promise.catch(() => {});
  await turn();
  calls[0].reject(undefined);
  await turn();
  assert.equal(settled, false);
  calls[1].reject(new Error('ignored'));
  await assert.rejects(promise, (error) => error === undefined);
  assert.equal(calls.length, 2);
  assert.equal(closed, true);
});

test('an abort does not wait for a source that is stuck', async () => {
  const controller = new AbortController();
  async function* stuck() {
    yield 1;
    await new Promise(() => {});
  }
  const promise = mapLimit(stuck(), 2, async () => 'done', { signal: controller.signal });
  await turn();
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(promise, (error) => error === reason);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
});

for (const limit of [0, -1, 1.5, Number.NaN, '3', undefined]) {
  test(`refuses the limit ${String(limit)}`, async () => {
    const { calls, fn } = manual();
    await assert.rejects(mapLimit([1], limit, fn), TypeError);
    assert.equal(calls.length, 0);
  });
}
