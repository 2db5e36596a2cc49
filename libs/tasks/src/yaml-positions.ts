import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml';

export type FieldPath = readonly PropertyKey[];

/** `['checks', 'hidden', 2, 'weight']` → `checks.hidden[2].weight`. */
export function renderField(path: FieldPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/**
 * The 1-based line of a field: of its key inside a map, of its item inside a list. Where the path leads to nothing
 * (a missing field) it is the line of the deepest part that exists.
 */
export function lineOf(document: Document, lines: LineCounter, path: FieldPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part];
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      break;
    }
  }
  return lines.linePos(offset).line;
}
