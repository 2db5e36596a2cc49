import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Mortal } from './mortal-services.js';

/** Between two rounds of killing, and between death and resurrection. */
const PAUSE_MS = { min: 500, max: 3_000 };
const DEAD_MS = { min: 0, max: 1_500 };
const START_WITHIN_MS = 300_000;

const between = ({ min, max }: { min: number; max: number }) => delay(randomInt(min, max + 1));

export interface Havoc {
  /** How often each was killed. */
  kills: Record<string, number>;
  /** Ends the killing; resolves once everything stands again. */
  stop(): Promise<void>;
}

/**
 * Kills -9 one or two victims at a time, at random moments in random order, and starts them again, until it is stopped.
 * Everyone dies before anyone dies twice more than another: a deck is dealt, then shuffled anew.
 */
export function wreakHavoc(victims: Record<string, Mortal>): Havoc {
  const kills = Object.fromEntries(Object.keys(victims).map((name) => [name, 0]));
  let deck: string[] = [];
  let isOver = false;

  const draw = (): string => {
    if (deck.length === 0) deck = shuffle(Object.keys(victims));
    return deck.pop() ?? '';
  };
  const round = async () => {
    await between(PAUSE_MS);
    const names = new Set(randomInt(4) === 0 ? [draw(), draw()] : [draw()]);
    // Two names may be the same Redis with and without its memory.
    if (names.has('Redis') && names.has('Redis, losing all')) names.delete('Redis');
    await Promise.all([...names].map((name) => dieAndRise(victims[name])));
    for (const name of names) kills[name] = (kills[name] ?? 0) + 1;
  };
  const rounds = (async () => {
    while (!isOver) await round();
  })();
  // Heard by stop(); until then nobody waits for it.
  rounds.catch(() => undefined);
  return {
    kills,
    async stop() {
      isOver = true;
      await rounds;
    },
  };
}

async function dieAndRise(victim: Mortal | undefined): Promise<void> {
  if (!victim) return;
  await victim.kill();
  await between(DEAD_MS);
  const deadline = performance.now() + START_WITHIN_MS;
  for (;;) {
    try {
      await victim.start();
      return;
    } catch (error) {
      // What it needs may be dead as well: whoever supervises it starts it again.
      if (performance.now() > deadline) throw error;
      await delay(200);
    }
  }
}

function shuffle(list: string[]): string[] {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [list[last], list[other]] = [list[other] ?? '', list[last] ?? ''];
  }
  return list;
}
