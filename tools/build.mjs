/**
 * Compiles every package's src/ to dist/ with SWC, and bundles the web app with Vite. Types are checked by `npm run check`,
 * not here. A file is compiled again only when its source is newer; what has no source any more is deleted.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';
import { buildWeb } from './build-web.mjs';
import { bundleHarness, IN_SANDBOX } from './bundle-harness.mjs';

const root = join(import.meta.dirname, '..');

async function packagesIn(folder) {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

async function filesBelow(folder, ending) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

const mtimeMs = async (path) => (existsSync(path) ? (await stat(path)).mtimeMs : 0);

async function compile(source, target) {
  if ((await mtimeMs(target)) > (await mtimeMs(source))) return 0;
  const { code, map } = await transformFile(source, {
    swcrc: true,
    configFile: join(root, '.swcrc'),
    cwd: root,
    // Relative, so that a stack names the right file wherever the build is copied to.
    sourceFileName: relative(dirname(target), source),
  });
  await mkdir(dirname(target), { recursive: true });
  const mapFile = `${target}.map`;
  await writeFile(mapFile, map ?? '{}');
  await writeFile(target, `${code}\n//# sourceMappingURL=${relative(dirname(target), mapFile)}\n`);
  return 1;
}

async function buildPackage(folder) {
  const src = join(root, folder, 'src');
  const dist = join(root, folder, 'dist');
  const sources = (await filesBelow(src, /\.ts$/)).filter((file) => !/\.spec\.ts$|\.d\.ts$/.test(file));
  const wanted = new Set(sources.map((file) => file.replace(/\.ts$/, '.js')));
  for (const file of await filesBelow(dist, /\.js$/)) {
    if (!wanted.has(file) && !file.startsWith(IN_SANDBOX)) await rm(join(dist, file));
  }
  const compiled = await Promise.all(
    sources.map((file) => compile(join(src, file), join(dist, file.replace(/\.ts$/, '.js')))),
  );
  return compiled.reduce((sum, count) => sum + count, 0);
}

/** What only a browser runs is no package of Node's: Vite bundles it from its sources. */
const OF_THE_BROWSER = ['libs/ui', 'apps/web'];

const packages = [...(await packagesIn('libs')), ...(await packagesIn('apps'))];
const folders = [
  ...packages.filter((folder) => !OF_THE_BROWSER.includes(folder)),
  'tools',
  'test/load',
  'test/abuse',
];
const counts = await Promise.all(folders.map(buildPackage));
const grading = join('libs', 'grading');
await bundleHarness(join(root, grading), counts[folders.indexOf(grading)] > 0);
const total = counts.reduce((sum, count) => sum + count, 0);
if (total > 0) process.stderr.write(`built ${total} files\n`);
if (await buildWeb()) process.stderr.write('built the web app\n');
