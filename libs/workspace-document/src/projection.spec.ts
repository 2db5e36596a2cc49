import { MAX_FILE_BYTES } from '@assay/contracts/http';
import { MAX_FILES } from '@assay/core/assessment';
import { describe, expect, it } from '@jest/globals';
import * as Y from 'yjs';
import { createFile } from './files.js';
import { projectFiles } from './projection.js';

const docOf = (...files: [path: string, content: string][]) => {
  const doc = new Y.Doc();
  for (const [path, content] of files) createFile(doc, path, content);
  return doc;
};
const savedAs = (...files: [path: string, content: string][]) =>
  new Map(files.map(([path, content]) => [path, { content }]));

describe('what is saved of a document', () => {
  it('is all of it', () => {
    const doc = docOf(['b.js', 'b'], ['a.js', 'a']);
    expect(projectFiles(doc, savedAs(['b.js', 'old']))).toEqual({
      files: [
        { path: 'b.js', content: 'b' },
        { path: 'a.js', content: 'a' },
      ],
      unsaved: [],
    });
  });

  it('leaves a file as it was saved while it is too large, and a new one out', () => {
    const doc = docOf(
      ['a.js', 'x'.repeat(10 * 2 ** 20)],
      ['b.js', '木'.repeat(MAX_FILE_BYTES / 2)],
      ['c.js', 'c'],
    );
    const { files, unsaved } = projectFiles(doc, savedAs(['a.js', 'before']));
    expect(files).toEqual([
      { path: 'a.js', content: 'before' },
      { path: 'c.js', content: 'c' },
    ]);
    expect(unsaved.map(({ path, code }) => `${path}: ${code}`)).toEqual([
      'a.js: file.too_large',
      'b.js: file.too_large',
    ]);
  });

  it('never loses a saved file to one too many', () => {
    const many = Array.from({ length: MAX_FILES }, (_, i): [string, string] => [`a${i}`, '']);
    const { files, unsaved } = projectFiles(docOf(...many, ['z.js', 'z']), savedAs(['z.js', 'z']));
    expect(files).toHaveLength(MAX_FILES);
    expect(files[0]).toEqual({ path: 'z.js', content: 'z' });
    expect(unsaved).toEqual([
      { path: 'a99', code: 'file.too_many', detail: expect.stringContaining('at most 100 files') },
    ]);
  });
});
