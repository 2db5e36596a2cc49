import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalogue } from '../src/catalogue.js';
import * as store from '../src/store.js';

const book = { isbn: '9780000000001', title: 'A', year: 2000 };

test('of two replacements that saw the same version, one wins', async () => {
  const catalogue = createCatalogue(store);
  const { version } = await catalogue.add(book);
  const guard = (current) => {
    if (current.version !== version) throw new Error('stale');
  };
  const results = await Promise.allSettled(
    ['B', 'C'].map((title) => catalogue.replace({ ...book, title }, guard)),
  );
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
});

test('a failed change does not block the next one', async () => {
  const catalogue = createCatalogue(store);
  const refuse = () => {
    throw new Error('no');
  };
  await assert.rejects(catalogue.replace(book, refuse), /no/);
  assert.equal((await catalogue.replace(book, () => {})).title, 'A');
});
