import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFailureWindow } from '../src/failure-window.js';

function at(start) {
  let now = start;
  const failures = createFailureWindow({ max: 2, windowMs: 1000, clock: () => now });
  return { failures, advance: (ms) => (now += ms) };
}

test('a name has to wait until the oldest of its failures leaves the window', () => {
  const { failures, advance } = at(50);
  failures.add('ada');
  advance(300);
  assert.equal(failures.waitMs('ada'), 0);
  failures.add('ada');
  assert.equal(failures.waitMs('ada'), 700);
  assert.equal(failures.waitMs('ben'), 0);
  advance(700);
  assert.equal(failures.waitMs('ada'), 0);
});

test('what was taken back does not count, also after a sweep', () => {
  const { failures } = at(0);
  const uncount = failures.add('ada');
  failures.add('ada');
  uncount();
  failures.sweep();
  assert.equal(failures.waitMs('ada'), 0);
  failures.add('ada');
  assert.equal(failures.waitMs('ada'), 1000);
});
