import { type SourceFile, SourcePath } from '@assay/contracts';
import * as Y from 'yjs';
import { changeText } from './text-change.js';

/**
 * The document's one root: file id → {path, content}. Files have ids, so that a rename keeps what somebody else types
 * into the file meanwhile.
 */
const ROOT = 'files';

/** A file of a document. `text` is live: an editor binds to it. */
export interface DocumentFile {
  id: string;
  /** Free of clashes with every other file, and a SourcePath. */
  path: string;
  text: Y.Text;
}

type Entry = Y.Map<unknown>;

/**
 * All files, sorted by path. When two have come to the same path (each made by somebody who did not see the other's),
 * the smaller id keeps it and the other is shown as `name (2).ext`; so is a file where there has come to be a folder.
 * What is no file, or has no possible path, is left out: only a tampered client writes that.
 */
export function listFiles(doc: Y.Doc): DocumentFile[] {
  const named: DocumentFile[] = [];
  for (const [id, entry] of doc.getMap(ROOT)) {
    if (!(entry instanceof Y.Map)) continue;
    const [path, text] = [entry.get('path'), entry.get('content')];
    if (!(text instanceof Y.Text) || !SourcePath.safeParse(path).success) continue;
    named.push({ id, path: String(path), text });
  }
  named.sort((a, b) => compare(a.id, b.id));
  const folders = new Set(named.flatMap(({ path }) => foldersOf(path)));
  const taken = new Set<string>();
  const isFree = (path: string) => !taken.has(path) && !folders.has(path);
  const clashing: DocumentFile[] = [];
  for (const file of named) {
    if (isFree(file.path)) taken.add(file.path);
    else clashing.push(file);
  }
  for (const file of clashing) {
    file.path = numberedPath(file.path, isFree);
    taken.add(file.path);
  }
  return named.sort((a, b) => compare(a.path, b.path));
}

/** Path and content of all files, sorted by path. */
export function toFiles(doc: Y.Doc): SourceFile[] {
  return listFiles(doc).map(({ path, text }) => ({ path, content: text.toJSON() }));
}

/** Gives the new file's id. The caller has asked `whyNotThere` first. */
export function createFile(doc: Y.Doc, path: string, content: string): string {
  const id = newId();
  doc.transact(() => {
    const entry: Entry = new Y.Map();
    entry.set('path', path);
    entry.set('content', new Y.Text(content));
    doc.getMap(ROOT).set(id, entry);
  });
  return id;
}

/** Nothing happens to a file that somebody else has deleted. */
export function renameFile(doc: Y.Doc, id: string, path: string): void {
  const entry = doc.getMap(ROOT).get(id);
  if (entry instanceof Y.Map) entry.set('path', path);
}

export function deleteFile(doc: Y.Doc, id: string): void {
  doc.getMap(ROOT).delete(id);
}

/** Makes the file at this path hold `content`; makes it if need be. */
export function writeFile(doc: Y.Doc, path: string, content: string): void {
  doc.transact(() => {
    const file = listFiles(doc).find((one) => one.path === path);
    if (file) changeText(file.text, content);
    else createFile(doc, path, content);
  });
}

/** Puts these files in the place of all that are there. One of the same path stays the same file, changed. */
export function replaceProject(doc: Y.Doc, files: readonly SourceFile[]): void {
  doc.transact(() => {
    const contents = new Map(files.map(({ path, content }) => [path, content]));
    for (const { id, path, text } of listFiles(doc)) {
      const content = contents.get(path);
      if (content === undefined) deleteFile(doc, id);
      else changeText(text, content);
      contents.delete(path);
    }
    for (const [path, content] of contents) createFile(doc, path, content);
  });
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** `a/b/c.js` lies in `a/b` and `a`. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

const MAX_PATH_LENGTH = 200;

function numberedPath(path: string, isFree: (path: string) => boolean): string {
  const [, stem = path, ending = ''] = /^(.*[^/])(\.[^./]*)$/.exec(path) ?? [];
  for (let number = 2; ; number++) {
    const suffix = ` (${number})${ending}`;
    const numbered = stem.slice(0, MAX_PATH_LENGTH - suffix.length) + suffix;
    if (isFree(numbered)) return numbered;
  }
}

/** Short, since each stands in the document for good; 60 bits. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => (byte & 31).toString(32)).join('');
}
