import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertRoomForFile, MAX_FILES, MAX_PROJECT_BYTES, nextRevision } from './workspace.js';

describe('saving a file', () => {
  it('takes an edit of what is stored and refuses any other, whatever the numbers', () => {
    fc.assert(
      fc.property(fc.option(fc.nat(), { nil: null }), fc.nat(), (stored, base) => {
        if (base === (stored ?? 0)) expect(nextRevision(stored, base)).toBe(base + 1);
        else
          expect(() => nextRevision(stored, base)).toThrow(
            expect.objectContaining({ code: 'file.changed_elsewhere' }),
          );
      }),
    );
  });

  const projectOf = (...paths: string[]) => paths.map((path) => ({ path, bytes: 1_000 }));
  const refusal = (code: string) => expect.objectContaining({ code });

  it('stops at the limit of files', () => {
    const full = projectOf(...Array.from({ length: MAX_FILES }, (_, i) => `${i}.js`));
    const file = { path: 'new.js', bytes: 1 };
    expect(() => assertRoomForFile(full.slice(1), file)).not.toThrow();
    expect(() => assertRoomForFile(full, file)).toThrow(refusal('file.too_many'));
  });

  it('stops at the limit of bytes, to the byte', () => {
    const save = (bytes: number) => () => assertRoomForFile(projectOf('a.js'), { path: 'b.js', bytes });
    expect(save(MAX_PROJECT_BYTES - 1_000)).not.toThrow();
    expect(save(MAX_PROJECT_BYTES - 999)).toThrow(refusal('file.no_room'));
  });

  it.each([
    ['src', 'src/a.js'],
    ['src/a.js', 'src'],
    ['a/b/c/d.js', 'a/b'],
  ])('refuses %s beside %s: no disk holds both', (path, stored) => {
    const save = () => assertRoomForFile(projectOf(stored), { path, bytes: 1 });
    expect(save).toThrow(refusal('file.path_taken'));
  });

  it.each(['src.js', 'Src', 'srcs/a.js', 'a/src', 'src-'])('takes %s beside src', (path) => {
    expect(() => assertRoomForFile(projectOf('src'), { path, bytes: 1 })).not.toThrow();
  });
});
