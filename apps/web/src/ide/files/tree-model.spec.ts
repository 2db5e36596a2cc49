import { describe, expect, it } from '@jest/globals';
import { findFiles, follow, visibleRows } from './tree-model.js';

const filesOf = (...paths: string[]) => paths.map((path) => ({ id: `id of ${path}`, path }));
const FILES = filesOf('server.js', 'src/b.js', 'app.js', 'src/routes/books.js', 'src/a.js');
const shown = (closed: string[] = []) =>
  visibleRows(FILES, new Set(closed)).map(({ name, depth }) => '  '.repeat(depth) + name);

describe('the rows of the file tree', () => {
  it('are folders first, then files, by name', () => {
    expect(shown()).toEqual(['src', '  routes', '    books.js', '  a.js', '  b.js', 'app.js', 'server.js']);
  });

  it('leave out what lies in a closed folder', () => {
    expect(shown(['src'])).toEqual(['src', 'app.js', 'server.js']);
    expect(shown(['src/routes'])).toEqual(['src', '  routes', '  a.js', '  b.js', 'app.js', 'server.js']);
  });
});

describe('a key in the file tree', () => {
  const rows = visibleRows(FILES, new Set());
  it.each([
    ['src', 'ArrowDown', { go: 'src/routes' }],
    ['src', 'ArrowUp', null],
    ['src', 'ArrowRight', { go: 'src/routes' }],
    ['src', 'ArrowLeft', { toggle: 'src' }],
    ['src/routes/books.js', 'ArrowLeft', { go: 'src/routes' }],
    ['src/a.js', 'ArrowLeft', { go: 'src' }],
    ['app.js', 'ArrowLeft', null],
    ['app.js', 'ArrowRight', null],
    ['app.js', 'Home', { go: 'src' }],
    ['app.js', 'End', { go: 'server.js' }],
    ['app.js', 'x', null],
  ])('from %s: %s', (at, key, leadsTo) => {
    expect(follow(rows, at, key)).toEqual(leadsTo);
  });

  it('opens a closed folder', () => {
    expect(follow(visibleRows(FILES, new Set(['src'])), 'src', 'ArrowRight')).toEqual({ toggle: 'src' });
  });
});

describe('looking for a file', () => {
  const found = (query: string) => findFiles(FILES, query).map(({ path }) => path);
  it('takes letters in their order, names before folders', () => {
    expect(found('bo')).toEqual(['src/routes/books.js']);
    expect(found('s')[0]).toBe('server.js');
    expect(found('rtbks')).toEqual(['src/routes/books.js']);
    expect(found('zz')).toEqual([]);
    expect(found('')).toHaveLength(FILES.length);
  });
});
