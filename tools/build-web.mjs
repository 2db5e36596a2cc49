import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const web = join(root, 'apps', 'web');
const dist = join(web, 'dist', 'candidate');
const stamp = join(web, 'dist', '.sources');

/** Whatever the bundle is made of, the versions of its packages included. */
const SOURCES = [
  'apps/web/src',
  'apps/web/candidate.html',
  'apps/web/vite.config.mjs',
  'apps/web/candidate-types.mjs',
  'apps/web/candidate-types-plugin.mjs',
  'content/runtime/package-lock.json',
  'libs/ui/src',
  'libs/contracts/src',
  'libs/workspace-document/src',
  'package-lock.json',
  'tools/build-web.mjs',
];
const COMPRESSED = /\.(?:js|css|svg|json)$/;

async function filesOf(path) {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (!entries) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function hashOfSources() {
  const files = (await Promise.all(SOURCES.map((path) => filesOf(join(root, path)))))
    .flat()
    .sort((a, b) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const file of files) {
    if (/\.spec\.tsx?$/.test(file)) continue;
    hash
      .update(`${relative(root, file)}\0`)
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Beside each file that gains by it, a `.br` and a `.gz`: no answer is compressed while somebody waits for it. */
async function compress(file) {
  const content = await readFile(file);
  // 11 takes half a minute for the TypeScript worker, and saves a tenth.
  const quality = content.length > 500_000 ? 6 : 10;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(content, { params }));
  await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
}

/** Bundles apps/web to apps/web/dist/candidate, unless that is of these very sources. Resolves to whether it did. */
export async function buildWeb() {
  const hash = await hashOfSources();
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === hash) return false;
  // Loaded only when it has something to do: it takes a good part of a second.
  const { build } = await import('vite');
  await build({ configFile: join(web, 'vite.config.mjs'), logLevel: 'warn' });
  await Promise.all((await filesOf(dist)).filter((file) => COMPRESSED.test(file)).map(compress));
  await writeFile(stamp, hash);
  return true;
}
