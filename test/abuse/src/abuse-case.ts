import type { Arena } from './arena.js';

/** One attack. Its name is the one of the table in docs/security.md. */
export interface AbuseCase {
  name: string;
  /** What the attacker tries, in a few words. */
  tries: string;
  /** In the short list that `npm test` runs on every engine. */
  short?: true;
  /** Attacks; rejects when the attacker got what it must not, else tells in a few words what it got. */
  run(arena: Arena): Promise<string>;
}
