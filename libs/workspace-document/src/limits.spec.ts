import { MAX_FILE_BYTES } from '@assay/contracts/http';
import { MAX_FILES } from '@assay/core/assessment';
import { describe, expect, it } from '@jest/globals';
import { whyNotSaved, whyNotThere } from './limits.js';

describe('a file', () => {
  it('may be made where nothing is', () => {
    expect(whyNotThere([{ path: 'src/a.js', bytes: 1 }], 'src/b.js')).toBeNull();
  });

  it.each([
    ['src/a.js', 'file.path_taken'],
    ['src', 'file.path_taken'],
    ['src/a.js/b.js', 'file.path_taken'],
    ['../b.js', 'file.bad_path'],
    ['', 'file.bad_path'],
    ['b.js/', 'file.bad_path'],
    ['ü.js', 'file.bad_path'],
  ])('is refused at "%s" with a sentence', (path, code) => {
    const refusal = whyNotThere([{ path: 'src/a.js', bytes: 1 }], path);
    expect(refusal).toEqual({ code, detail: expect.stringMatching(/\.$/) });
  });

  it('is not saved when it is too large, no text, or one too many', () => {
    const file = (content: string) => ({ path: 'a.js', content });
    expect(whyNotSaved([], file('木'.repeat(MAX_FILE_BYTES / 4)))).toBeNull();
    expect(whyNotSaved([], file('x'.repeat(MAX_FILE_BYTES + 1)))?.code).toBe('file.too_large');
    expect(whyNotSaved([], file('木'.repeat(MAX_FILE_BYTES / 2)))?.code).toBe('file.too_large');
    expect(whyNotSaved([], file('\0'))?.code).toBe('file.not_text');
    const others = Array.from({ length: MAX_FILES }, (_, i) => ({ path: `${i}`, bytes: 1 }));
    expect(whyNotSaved(others, file(''))?.code).toBe('file.too_many');
  });
});
