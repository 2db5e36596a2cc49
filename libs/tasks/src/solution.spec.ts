import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { temporaryFolders } from '../test/task-folder.js';
import { readSolution } from './solution.js';

const folders = temporaryFolders();
afterAll(() => folders.remove());

describe('a solution folder', () => {
  test('is read sorted, without packages and history', async () => {
    const folder = await folders.write({
      'server.js': 'serve',
      'lib/a.js': 'a',
      'node_modules/express/index.js': 'express',
      'lib/node_modules/x.js': 'x',
      '.git/HEAD': Buffer.from([0xff]),
      '.env': 'A=1',
    });
    expect((await readSolution(folder)).map(({ path }) => path)).toEqual(['.env', 'lib/a.js', 'server.js']);
  });

  test('may have its packages linked', async () => {
    const folder = await folders.write({ 'server.js': 'serve' });
    await symlink('/somewhere', join(folder, 'node_modules'));
    expect(await readSolution(folder)).toHaveLength(1);
  });

  test.each([
    ['a link to a file', 'link.js', '/etc/passwd'],
    ['a link to a folder', 'lib', '/etc'],
  ])('%s is refused, not followed', async (_why, name, target) => {
    const folder = await folders.write({ 'server.js': 'serve' });
    await symlink(target, join(folder, name));
    await expect(readSolution(folder)).rejects.toThrow(
      `${folder} cannot be taken as a solution:\n  ${name} is a symbolic link; only regular files are taken`,
    );
  });

  test('a fifo is refused and does not hang', async () => {
    const folder = await folders.write({ 'server.js': 'serve' });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(readSolution(folder)).rejects.toThrow('  pipe is not a regular file');
  });

  test.each<[string, Record<string, string | Buffer>, string]>([
    ['an image', { 'a.png': Buffer.from([0x89, 0x50, 0xff]) }, '  a.png is not UTF-8 text'],
    ['one large file', { 'a.js': 'x'.repeat(1024 * 1024 + 1) }, '  a.js is larger than 1024 KiB'],
    [
      'too much in all',
      { 'a.js': 'x'.repeat(900_000), 'b.js': 'x'.repeat(900_000) },
      '  the folder holds more than 1 MiB',
    ],
    [
      'too many files',
      Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`f${n}.js`, ''])),
      '  the folder holds more than 200 files',
    ],
    ['nothing', {}, '  the folder holds no files'],
  ])('%s is refused', async (_why, files, message) => {
    await expect(readSolution(await folders.write(files))).rejects.toThrow(message);
  });

  test('a folder that is not there', async () => {
    await expect(readSolution('/nowhere')).rejects.toThrow('does not exist or is not a folder');
  });
});
