import { describe, expect, it } from '@jest/globals';
import { createReserve } from './reserve.js';

/** Numbers made in order; each must be let through, or refused. */
function numbersInTheMaking() {
  const made: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const discarded: number[] = [];
  const lost = new Set<number>();
  const log: string[] = [];
  const options = (size: number) => ({
    size,
    make: () => {
      const number = made.length;
      return new Promise<number>((resolve, reject) => made.push({ resolve: () => resolve(number), reject }));
    },
    isUsable: (number: number) => !lost.has(number),
    discard: async (number: number) => void discarded.push(number),
    log: (line: string) => void log.push(line),
  });
  return { made, discarded, lost, log, options };
}
const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('a reserve', () => {
  it('makes what is missing, one after another, and each is taken once', async () => {
    const { made, options } = numbersInTheMaking();
    const reserve = createReserve(options(2));
    reserve.refill();
    expect(made.length).toBe(1);
    made[0]?.resolve();
    await soon();
    expect(made.length).toBe(2);
    made[1]?.resolve();
    await soon();
    expect([await reserve.take(), await reserve.take()]).toEqual([0, 1]);
    expect(made.length).toBe(2); // taking alone makes nothing
    reserve.refill();
    made[2]?.resolve();
    expect(await reserve.take()).toBe(2);
  });

  it('gives what is being made before it makes another', async () => {
    const { made, options } = numbersInTheMaking();
    const reserve = createReserve(options(1));
    reserve.refill();
    const first = reserve.take();
    const second = reserve.take();
    expect(made.length).toBe(2);
    made[1]?.resolve();
    expect(await second).toBe(1);
    made[0]?.resolve();
    expect(await first).toBe(0);
  });

  it('makes one on demand when none can be made in advance, and tries again later', async () => {
    const { made, log, options } = numbersInTheMaking();
    const reserve = createReserve(options(2));
    reserve.refill();
    made[0]?.reject(new Error('no room'));
    await soon();
    expect(made.length).toBe(1);
    expect(log.join()).toContain('no room');
    const taken = reserve.take();
    made[1]?.reject(new Error('still no room'));
    await expect(taken).rejects.toThrow('still no room');
    reserve.refill();
    expect(made.length).toBe(3);
  });

  it('replaces what has been lost', async () => {
    const { made, discarded, lost, options } = numbersInTheMaking();
    const reserve = createReserve(options(1));
    reserve.refill();
    made[0]?.resolve();
    await soon();
    lost.add(0);
    const taken = reserve.take();
    await soon();
    made[1]?.resolve();
    expect(await taken).toBe(1);
    expect(discarded).toEqual([0]);
  });

  it('is quiet when asked, until the last asker has let go', async () => {
    const { made, options } = numbersInTheMaking();
    const reserve = createReserve(options(2));
    reserve.refill();
    let isQuiet = false;
    const quiet = reserve.quiet().then((end) => {
      isQuiet = true;
      return end;
    });
    await soon();
    expect(isQuiet).toBe(false);
    made[0]?.resolve();
    const end = await quiet;
    const endOther = await reserve.quiet();
    reserve.refill();
    end();
    expect(made.length).toBe(1);
    endOther();
    expect(made.length).toBe(2);
  });

  it('discards everything when closed, also what is still being made', async () => {
    const { made, discarded, options } = numbersInTheMaking();
    const reserve = createReserve(options(3));
    reserve.refill();
    made[0]?.resolve();
    await soon();
    const closed = reserve.close();
    made[1]?.resolve();
    await closed;
    expect(discarded).toEqual([0, 1]);
    reserve.refill();
    expect(made.length).toBe(2);
  });
});
