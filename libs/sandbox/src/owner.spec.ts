import { describe, expect, it } from '@jest/globals';
import { cgroupName, currentOwner, isDead, ownerOfCgroup } from './owner.js';

describe('owners of leftovers', () => {
  const [pid, ticks, namespace] = currentOwner().split('-');

  it('finds the owner in a name, and only in ours', () => {
    expect(ownerOfCgroup(cgroupName(currentOwner(), 'ab12'))).toBe(currentOwner());
    for (const name of [
      'assay-worker',
      'system.slice',
      'assay-1-2-ab',
      `x${cgroupName(currentOwner(), 'ab')}`,
    ])
      expect(ownerOfCgroup(name)).toBeNull();
  });

  it('this process lives; one with its pid but another start does not', () => {
    expect(isDead(currentOwner())).toBe(false);
    expect(isDead(`${pid}-${Number(ticks) - 1}-${namespace}`)).toBe(true);
  });

  it('judges nothing of another pid namespace, nor what is no owner', () => {
    expect(isDead(`${pid}-1-1`)).toBe(false);
    expect(isDead('something')).toBe(false);
  });
});
