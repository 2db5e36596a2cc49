import { posix, win32 } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourcePath } from './vocabulary.js';

const isPath = (path: string) => SourcePath.safeParse(path).success;

describe('a source path', () => {
  it.each([
    'server.js',
    'src/app.js',
    '.eslintrc',
    '.github/a',
    'a..b/c...d',
    '...',
    'a b.txt',
    'a/.hidden',
    "it's [ok] (1)~.js",
    'x'.repeat(200),
  ])('may be %j', (path) => {
    expect(isPath(path)).toBe(true);
  });

  it.each([
    '',
    '/',
    '/etc/passwd',
    'a/',
    'a//b',
    '.',
    '..',
    './a',
    '../a',
    'a/.',
    'a/..',
    'a/./b',
    'a/../b',
    'a\\b',
    '..\\a',
    'C:\\a',
    'a\0',
    'a\nb',
    'a\u007f',
    'ü.js',
    '\u202egpj.js',
    'x'.repeat(201),
  ])('is never %j', (path) => {
    expect(isPath(path)).toBe(false);
  });

  it('that is taken never leads out of the folder that it is resolved in', () => {
    const piece = fc.constantFrom('a', '.', '..', '/', '\\', '~', ' ', '\0', '%2e', 'b.js');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = pieces.join('');
        fc.pre(isPath(path));
        expect(posix.resolve('/work/app', path).startsWith('/work/app/')).toBe(true);
        expect(win32.resolve('C:\\app', path).startsWith('C:\\app\\')).toBe(true);
        expect(path.split('/').every((segment) => !['', '.', '..'].includes(segment))).toBe(true);
      }),
    );
  });
});
