import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fillPartFolder, isPlainRelativePath, writePartFolder } from './part-folder.js';

const uid = process.getuid?.() ?? 0;

describe('files handed to a part', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'assay-part-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  it('are closed to everybody else', async () => {
    const folder = join(scratch, 'new');
    await writePartFolder(folder, [{ path: 'a/b.js', content: 'x' }], uid);
    expect(readFileSync(join(folder, 'a/b.js'), 'utf8')).toBe('x');
    for (const [path, mode] of [
      ['', 0o500],
      ['a', 0o500],
      ['a/b.js', 0o400],
    ] as const)
      expect(statSync(join(folder, path)).mode & 0o777).toBe(mode);
  });

  it('can be added later, as closed, and never over one that is there', async () => {
    const folder = join(scratch, 'new');
    await writePartFolder(folder, [], uid);
    await fillPartFolder(folder, [{ path: 'a/b.js', content: 'x' }], uid);
    expect(readFileSync(join(folder, 'a/b.js'), 'utf8')).toBe('x');
    expect(statSync(join(folder, 'a/b.js')).mode & 0o777).toBe(0o400);
    await expect(fillPartFolder(folder, [{ path: 'a/b.js', content: 'y' }], uid)).rejects.toThrow(/EEXIST/);
    await expect(fillPartFolder(folder, [{ path: '../b', content: '' }], uid)).rejects.toThrow(
      /not a relative/,
    );
  });

  it.each(['', '/a', '../a', 'a/../b', './a', 'a//b', 'a/', 'a\0', 'a\\..\\b', '..', '.'])(
    'refuses %j',
    (path) => {
      expect(isPlainRelativePath(path)).toBe(false);
    },
  );

  it.each(['a', 'a.b', '...', '.env', 'a/b c/ü.js', '..a/b'])('accepts %j', (path) => {
    expect(isPlainRelativePath(path)).toBe(true);
  });

  it('writes nothing when one path is wrong, and never into a folder that is there', async () => {
    const files = [
      { path: 'ok', content: '' },
      { path: '../wrong', content: '' },
    ];
    await expect(writePartFolder(join(scratch, 'new'), files, uid)).rejects.toThrow(/not a relative path/);
    expect(existsSync(join(scratch, 'new'))).toBe(false);

    mkdirSync(join(scratch, 'target'));
    symlinkSync(join(scratch, 'target'), join(scratch, 'planted'));
    await expect(
      writePartFolder(join(scratch, 'planted'), [{ path: 'a', content: '' }], uid),
    ).rejects.toThrow(/EEXIST/);
    expect(existsSync(join(scratch, 'target/a'))).toBe(false);
  });
});
