import type { Text } from 'yjs';

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;

/**
 * Makes a text hold `content` by the one replacement that leaves its common beginning and end alone, so that what
 * others type elsewhere in it stays, and its history small.
 */
export function changeText(text: Text, content: string): void {
  const current = text.toJSON();
  if (current === content) return;
  const shorter = Math.min(current.length, content.length);
  let start = 0;
  while (start < shorter && current.charCodeAt(start) === content.charCodeAt(start)) start++;
  let kept = 0;
  while (
    kept < shorter - start &&
    current.charCodeAt(current.length - 1 - kept) === content.charCodeAt(content.length - 1 - kept)
  )
    kept++;
  // A character of two units stays whole: Yjs would put U+FFFD in the place of its halves.
  if (start > 0 && isHighSurrogate(current.charCodeAt(start - 1))) start--;
  if (kept > 0 && isHighSurrogate(current.charCodeAt(current.length - kept - 1))) kept--;
  text.delete(start, current.length - start - kept);
  text.insert(start, content.slice(start, content.length - kept));
}
