import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertRoomForFile, MAX_FILES, nextRevision } from './workspace.js';

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

  it('stops at the limit of files', () => {
    expect(() => assertRoomForFile(MAX_FILES - 1)).not.toThrow();
    expect(() => assertRoomForFile(MAX_FILES)).toThrow(expect.objectContaining({ code: 'file.too_many' }));
  });
});
