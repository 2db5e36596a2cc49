import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readArchive } from '@assay/archive';
import { strToU8, zipSync } from 'fflate';
import { type Header, pack } from 'tar-stream';
import type { AbuseCase } from '../abuse-case.js';
import { MIB } from '../arena.js';

const CAPS = { files: 200, fileBytes: 256 * 1024, totalBytes: MIB };

async function tgz(
  ...entries: [header: Partial<Header> & Pick<Header, 'name'>, content?: string][]
): Promise<Buffer> {
  const tar = pack();
  for (const [header, content = ''] of entries) tar.entry(header, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const zip = (files: Record<string, Uint8Array>) => Buffer.from(zipSync(files));

/** Is refused as a whole, with the reason; our memory stays flat. */
const refused = (
  name: string,
  tries: string,
  archives: () => Promise<Buffer[]>,
  reason: RegExp,
): AbuseCase => ({
  name,
  tries,
  async run() {
    const reasons: string[] = [];
    for (const archive of await archives()) {
      const before = process.memoryUsage.rss();
      await assert.rejects(readArchive(archive, CAPS), (error: Error) => {
        assert.match(error.message, reason);
        reasons.push(error.message);
        return true;
      });
      assert.ok(process.memoryUsage.rss() - before < 64 * MIB, 'it was unpacked all the same');
    }
    assert.ok(!existsSync('/tmp/assay-abuse-escaped'));
    return (reasons[0] ?? '').split('\n').at(-1)?.trim() ?? '';
  },
});

const ESCAPES = ['../../../../tmp/assay-abuse-escaped', '/tmp/assay-abuse-escaped', 'a/../../x', 'a\\..\\x'];

/** Archives that candidates hand in. */
export const INTAKE_CASES: AbuseCase[] = [
  refused(
    'archive_zip_bomb',
    'a small archive that is large inside',
    async () => [
      zip({ 'bomb.js': new Uint8Array(64 * MIB) }),
      gzipSync(Buffer.concat([await tgz([{ name: 'a' }]), Buffer.alloc(64 * MIB)])),
      zip(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`${i}.js`, strToU8('x')]))),
    ],
    /KiB|MiB|files|tar/,
  ),
  refused(
    'archive_dotdot',
    'paths that lead outside',
    async () => [
      ...ESCAPES.map((path) => zip({ 'server.js': strToU8('x'), [path]: strToU8('x') })),
      ...(await Promise.all(ESCAPES.map((name) => tgz([{ name }, 'x'])))),
    ],
    /name|path/i,
  ),
  refused(
    'archive_symlink',
    'links, devices and pipes',
    () =>
      Promise.all([
        tgz([{ name: 'link', type: 'symlink', linkname: '/etc' }], [{ name: 'link/passwd' }, 'x']),
        tgz([{ name: 'link', type: 'link', linkname: '/etc/shadow' }]),
        tgz([{ name: 'device', type: 'block-device' }]),
        tgz([{ name: 'pipe', type: 'fifo' }]),
      ]),
    /link|device|file/,
  ),
];
