import { expect, it } from '@jest/globals';
import { coreList } from './core-list.js';

const status = 'Name:\tnode\nCpus_allowed:\t33\nCpus_allowed_list:\t0-1,4,6-7\nMems_allowed:\t1\n';

it.each([
  [undefined, null],
  [[], null],
  [[0, 1], '0,1'],
  [[4, 5, 7], '4,7'],
  [[2, 3, 99], null],
])('of the wanted cores %j those that we have: %j', (wanted, list) => {
  expect(coreList(wanted, status)).toBe(list);
});

it('reads what this process may use', () => {
  const all = Array.from({ length: 4096 }, (_, core) => core);
  expect(coreList(all)).toMatch(/^\d+(,\d+)*$/);
});
