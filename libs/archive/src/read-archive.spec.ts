import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { type Header, pack } from 'tar-stream';
import { ArchiveRefused } from './intake.js';
import { isArchiveName, readArchive } from './read-archive.js';
import { writeZip } from './write-zip.js';

const CAPS = { files: 200, fileBytes: 256 * 1024, totalBytes: 1024 * 1024 };

type TarHeader = Partial<Header> & Pick<Header, 'name'>;
type TarEntry = [headers: TarHeader, content?: string | Buffer];

async function tgz(...entries: TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const [headers, content = ''] of entries) tar.entry(headers, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const zip = (files: Record<string, string | Buffer>, options: Zippable[string] = new Uint8Array()) => {
  const attributes = Array.isArray(options) ? options[1] : {};
  const entries = Object.entries(files).map(([name, content]) => [
    name,
    [typeof content === 'string' ? strToU8(content) : content, attributes],
  ]);
  return Buffer.from(zipSync(Object.fromEntries(entries)));
};

/** The reasons of a refusal; what is taken is an error. */
async function reasonsOf(archive: Buffer | Promise<Buffer>, caps = CAPS): Promise<readonly string[]> {
  const refusal = await readArchive(await archive, caps).then(
    (files) => new Error(`taken: ${files.map(({ path }) => path).join()}`),
    (error: unknown) => error,
  );
  if (!(refusal instanceof ArchiveRefused)) throw refusal;
  return refusal.reasons;
}

/** Writes a number over every occurrence of a signature's record. */
function patch(
  archive: Buffer,
  signature: number,
  offset: number,
  write: (at: number, copy: Buffer) => void,
) {
  const copy = Buffer.from(archive);
  for (let at = 0; at < copy.length - 4; at += 1)
    if (copy.readUInt32LE(at) === signature) write(at + offset, copy);
  return copy;
}
const CENTRAL = 0x02014b50;

const PROJECT = [
  { path: 'lib/e.txt', content: 'ünïcode ✓' },
  { path: 'package.json', content: '{}' },
  { path: 'server.js', content: 'serve' },
];

describe('a project', () => {
  it('comes back as it was zipped', async () => {
    expect(await readArchive(writeZip(PROJECT), CAPS)).toEqual(PROJECT);
    expect(writeZip(PROJECT).equals(writeZip(PROJECT))).toBe(true);
  });

  it('is the folder that everything lies in, without what is vendored or a file manager’s', async () => {
    const archive = await tgz(
      [{ name: './project/', type: 'directory' }],
      [{ name: './project/server.js' }, 'serve'],
      [{ name: './project/lib/a.js' }, 'a'],
      [{ name: './project/node_modules/x/index.js' }, Buffer.from([0xff])],
      [{ name: './project/.git/HEAD' }, Buffer.from([0xff])],
      [{ name: './project/node_modules/.bin/x', type: 'symlink', linkname: '../x/index.js' }],
    );
    expect((await readArchive(archive, CAPS)).map(({ path }) => path)).toEqual(['lib/a.js', 'server.js']);
    const mac = zip({ 'p/server.js': 'serve', '__MACOSX/p/._server.js': 'x', 'p/.DS_Store': 'x' });
    expect((await readArchive(mac, CAPS)).map(({ path }) => path)).toEqual(['server.js']);
  });

  it('is known by its name', () => {
    expect(['a.zip', 'a.ZIP', 'a.tgz', 'a.tar.gz'].every(isArchiveName)).toBe(true);
    expect(['zip', 'a.gz', 'a.rar', 'solution'].some(isArchiveName)).toBe(false);
  });
});

describe('names that lead elsewhere are refused', () => {
  const NAMES = [
    '../evil.js',
    'a/../../evil.js',
    '/etc/passwd',
    'a\\b.js',
    'C:\\x',
    'a\u0000b',
    'é.js',
    `${'x'.repeat(201)}`,
  ];
  it.each(NAMES.filter((name) => !name.includes('\u0000')))('%j in a tar.gz', async (name) => {
    expect((await reasonsOf(tgz([{ name }, 'x'])))[0]).toMatch(/is no path inside a project/);
  });
  it.each(NAMES)('%j in a zip', async (name) => {
    expect((await reasonsOf(zip({ [name]: 'x' })))[0]).toMatch(/is no path inside a project/);
  });
  it('that are no UTF-8', async () => {
    const archive = zip({ 'ab.js': 'x' });
    const broken = Buffer.from(archive.toString('latin1').replaceAll('ab.js', '\xff\xfe.js'), 'latin1');
    expect((await reasonsOf(broken))[0]).toMatch(/is no path inside a project/);
  });
});

describe('what is no regular file is refused', () => {
  it.each<[string, TarHeader]>([
    ['a symbolic link', { name: 'a', type: 'symlink', linkname: '/etc/passwd' }],
    ['a hard link', { name: 'a', type: 'link', linkname: 'server.js' }],
    ['a device', { name: 'a', type: 'character-device', devmajor: 1, devminor: 5 }],
    ['a block device', { name: 'a', type: 'block-device', devmajor: 8, devminor: 0 }],
    ['a fifo', { name: 'a', type: 'fifo' }],
  ])('%s in a tar.gz', async (_what, headers) => {
    const archive = tgz([{ name: 'server.js' }, 'serve'], [headers]);
    expect(await reasonsOf(archive)).toEqual([
      '"a" is a link or a device: only regular files and folders are taken.',
    ]);
  });

  it.each([
    ['a symbolic link', 0o120777],
    ['a device', 0o020666],
    ['a fifo', 0o010644],
    ['a folder by its type only', 0o040755],
  ])('%s in a zip', async (_what, mode) => {
    const archive = zip({ a: '/etc/passwd' }, [new Uint8Array(), { os: 3, attrs: (mode << 16) >>> 0 }]);
    expect(await reasonsOf(archive)).toEqual([
      '"a" is a link or a device: only regular files and folders are taken.',
    ]);
  });
});

describe('names that meet are refused', () => {
  it('twice the same', async () => {
    const archive = tgz([{ name: 'a.js' }, '1'], [{ name: './a.js' }, '2']);
    expect(await reasonsOf(archive)).toEqual(['"a.js" is there twice.']);
    const doubled = Buffer.from(
      zip({ 'a.js': '1', 'b.js': '2' }).toString('latin1').replaceAll('b.js', 'a.js'),
      'latin1',
    );
    expect(await reasonsOf(doubled)).toEqual(['"a.js" is there twice.']);
  });
  it('the same but for its case', async () => {
    expect(await reasonsOf(zip({ 'a.js': '1', 'A.js': '2' }))).toEqual([
      '"A.js" differs from "a.js" only in its case.',
    ]);
  });
  it('a file and a folder', async () => {
    expect(await reasonsOf(tgz([{ name: 'a' }, '1'], [{ name: 'a/b.js' }, '2']))).toEqual([
      '"a" is a file, and a folder that holds "a/b.js".',
    ]);
  });
});

describe('too much is refused', () => {
  const zeros = (mebibytes: number) => Buffer.alloc(mebibytes * 1024 * 1024);

  it('a bomb, without unpacking it', async () => {
    const [zipBomb, tarBomb] = [zip({ 'a.js': zeros(40) }), await tgz([{ name: 'a.js' }, zeros(400)])];
    const before = process.memoryUsage().rss;
    expect(await reasonsOf(zipBomb)).toEqual(['"a.js" is larger than 256 KiB.']);
    expect(await reasonsOf(tarBomb)).toEqual([
      '"a.js" is larger than 256 KiB.',
      'It unpacks to more than 32 MiB: leave node_modules out.',
    ]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('a bomb that says it is small', async () => {
    const bomb = zip({ 'a.js': zeros(20) });
    const lying = patch(bomb, CENTRAL, 24, (at, copy) => copy.writeUInt32LE(10, at));
    expect((await reasonsOf(lying))[0]).toMatch(/^It is no sound zip: too many bytes/);
  });

  it('what says it is larger than it is', async () => {
    const lying = patch(zip({ 'a.js': 'abc'.repeat(100) }), CENTRAL, 24, (at, copy) =>
      copy.writeUInt32LE(5_000, at),
    );
    expect((await reasonsOf(lying))[0]).toMatch(/^It is no sound zip: not enough bytes/);
  });

  it('a thousand files', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`f${n}.js`, '']));
    expect(await reasonsOf(zip(many))).toEqual(['It holds more than 200 files.']);
    const entries = Object.keys(many).map((name): TarEntry => [{ name }]);
    expect(await reasonsOf(tgz(...entries))).toEqual(['It holds more than 200 files.']);
  });

  it('thousands of entries that would be left out', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`node_modules/f${n}.js`, '']));
    expect(await reasonsOf(zip(many))).toEqual([
      'It holds more than 2000 entries: leave node_modules and build results out.',
    ]);
  });

  it('too much in all', async () => {
    const text = 'x'.repeat(250_000);
    const archive = zip(Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, text])));
    expect(await reasonsOf(archive)).toEqual(['It unpacks to more than 1 MiB.']);
  });
});

describe('what is no text, or no archive, is refused', () => {
  it.each<[string, Buffer | string, string]>([
    ['an image', Buffer.from([0x89, 0x50, 0xff]), '"a" is not UTF-8 text.'],
    ['NUL', 'a\u0000b', '"a" contains a NUL character.'],
  ])('%s', async (_what, content, reason) => {
    expect(await reasonsOf(zip({ a: content }))).toEqual([reason]);
    expect(await reasonsOf(tgz([{ name: 'a' }, content]))).toEqual([reason]);
  });

  it('trailing bytes', async () => {
    const tail = Buffer.from('#!/bin/sh');
    expect((await reasonsOf(Buffer.concat([zip({ a: 'x' }), tail])))[0]).toMatch(/^It is no sound zip/);
    for (const more of [tail, Buffer.alloc(9), Buffer.alloc(9000)])
      expect((await reasonsOf(Buffer.concat([await tgz([{ name: 'a' }, 'x']), more])))[0]).toMatch(
        /^It is no sound tar.gz|^Behind its end/,
      );
  });

  it('a broken or cut one, whatever its end', async () => {
    const whole = [zip({ 'a.js': 'abc'.repeat(1_000) }), await tgz([{ name: 'a.js' }, 'abc'.repeat(1_000)])];
    for (const archive of whole)
      for (let length = 0; length < archive.length; length += 1)
        expect((await reasonsOf(archive.subarray(0, length))).length).toBeGreaterThan(0);
  });

  it('a wrong header of a tar', async () => {
    expect((await reasonsOf(gzipSync(Buffer.alloc(1024, 'x'))))[0]).toMatch(/^It is no sound tar.gz/);
  });

  it('an encrypted one', async () => {
    const locked = patch(zip({ a: 'x' }), CENTRAL, 8, (at, copy) => copy.writeUInt16LE(1, at));
    expect(await reasonsOf(locked)).toEqual(['"a" is encrypted.']);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from([0x89, 0x50])],
    ['deflated bytes', deflateRawSync('x')],
  ])('%s', async (_what, bytes) => {
    expect(await reasonsOf(bytes)).toEqual(['It is neither a zip nor a tar.gz.']);
  });

  it('an empty one', async () => {
    expect(await reasonsOf(Buffer.from(zipSync({})))).toEqual(['It holds no files.']);
  });

  it('in no more than twenty reasons', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`../f${n}`, '']));
    expect(await reasonsOf(zip(many))).toHaveLength(20);
  });
});
