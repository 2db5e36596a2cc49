import { openBubblewrap } from './bubblewrap.js';
import { openCrun } from './crun.js';
import { openRunc } from './runc.js';
import { openRunsc } from './runsc.js';
import type { OpenWall } from './wall.js';

export const WALLS = {
  bwrap: openBubblewrap,
  crun: openCrun,
  runc: openRunc,
  runsc: openRunsc,
} as const satisfies Record<string, OpenWall>;

/** What stands between containers and the host. */
export type WallName = keyof typeof WALLS;

export const WALL_NAMES = Object.keys(WALLS) as WallName[]; // the keys of a constant

export const isWallName = (text: string): text is WallName => Object.hasOwn(WALLS, text);
