import { stripVTControlCharacters } from 'node:util';

const REPLACEMENT = '\ufffd';

/**
 * Text from the candidate's side made fit to store and show: at most `maxLength` UTF-16 units, no lone surrogates and no
 * NUL (Postgres refuses both), no terminal sequences or other control characters but tab and newline.
 */
export function safeText(text: string, maxLength: number): string {
  // Cut first: a hostile text is never scanned whole. Twice the length leaves room for the sequences that go.
  const visible = stripVTControlCharacters(text.slice(0, maxLength * 2));
  const shortened = visible.length > maxLength ? `${visible.slice(0, maxLength - 1)}…` : visible;
  // A trip through UTF-8 replaces lone surrogates, also one that the cut made.
  const wellFormed = Buffer.from(shortened, 'utf8').toString('utf8');
  return wellFormed.replace(/\r\n/g, '\n').replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, REPLACEMENT);
}
