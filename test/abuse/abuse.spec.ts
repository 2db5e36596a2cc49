import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ABUSE_CASES } from './src/all-cases.js';
import { type Arena, openArena } from './src/arena.js';
import { attack } from './src/attack.js';

describe('bubblewrap holds', () => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena();
  });
  afterAll(() => arena?.close());

  it.each(ABUSE_CASES.map((one) => [one.name, one] as const))('%s', async (name, one) => {
    const { detail, ...held } = await attack(arena, one);
    expect({ ...held, detail: held.held ? '' : detail }).toEqual({ name, held: true, detail: '' });
  });
});
