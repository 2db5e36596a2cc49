import type { WallName } from '@assay/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ABUSE_CASES } from './src/all-cases.js';
import { type Arena, openArena } from './src/arena.js';
import { attack } from './src/attack.js';

const SHORT_LIST = ABUSE_CASES.filter(({ short }) => short);
const SUITES: [WallName, readonly (typeof ABUSE_CASES)[number][]][] = [
  ['bwrap', ABUSE_CASES],
  ['crun', SHORT_LIST],
  ['runc', SHORT_LIST],
];

describe.each(SUITES)('%s holds', (wall, cases) => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena(wall);
  });
  afterAll(() => arena?.close());

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (name, one) => {
    const { held, detail } = await attack(arena, one);
    expect({ name, held, why: held ? '' : detail }).toEqual({ name, held: true, why: '' });
  });
});
