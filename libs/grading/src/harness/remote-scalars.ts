import { moduleProblem } from './remote-problem.js';
import { asText, type Wire } from './remote-wire.js';

/** Numbers, bigints and dates that JSON has no word for. Decoding throws `ModuleProblem`. */

export function encodeNumber(value: number): Wire {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : ['number', value === 0 ? '-0' : String(value)];
}

const UNWRITABLE_NUMBERS = new Map([Number.NaN, Infinity, -Infinity].map((value) => [String(value), value]));
UNWRITABLE_NUMBERS.set('-0', -0);

export function decodeNumber(text: unknown): number {
  const value = UNWRITABLE_NUMBERS.get(asText(text));
  if (value === undefined) throw moduleProblem.unreadable('a number that is none');
  return value;
}

export function decodeBigint(text: unknown): bigint {
  // Hexadecimal, because reading a long decimal takes the square of its length.
  const [, sign, digits] = /^(-?)([0-9a-f]+)$/.exec(asText(text)) ?? [];
  if (digits === undefined) throw moduleProblem.unreadable('a bigint without digits');
  const size = BigInt(`0x${digits}`);
  return sign === '-' ? -size : size;
}

export function decodeDate(ms: unknown): Date {
  if (ms !== null && typeof ms !== 'number') throw moduleProblem.unreadable('a date without a time');
  return new Date(ms ?? Number.NaN);
}
