import { constants } from 'node:os';
import type { EndStatus } from './wall.js';

const FIRST_SIGNAL_STATUS = 128;

/** For a wall whose own end is its command's: it passes a status on, and 128 + n for the signal n. */
export function endStatus(code: number | null, signal: NodeJS.Signals | null): EndStatus {
  const inner = code === null ? undefined : signalName(code - FIRST_SIGNAL_STATUS);
  return inner ? { code: null, signal: inner } : { code, signal };
}

const signalName = (number: number): string | undefined =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
