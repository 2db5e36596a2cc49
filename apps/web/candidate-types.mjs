/**
 * Gathers the type declarations that candidates' editors know: ECMAScript's, Node's, Express's and those of the packages
 * that lie in a sandbox's /node_modules. Read at build time, shipped as one asset.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');
const RUNTIME = join(root, 'content/runtime');
const DECLARATIONS = /\.d\.[cm]?ts$/;
/** Of a browser or of Windows' scripts: no global of a server. */
const FOREIGN_LIBRARIES = /^lib\.(dom|webworker|scripthost|d\.ts|es6|.*\.full)/;
const MAX_DEPTH = 4;

/**
 * Every declaration by its path in the editor's file system: `/lib/lib.es2023.d.ts`, `/node_modules/express/…`.
 * @returns {Promise<Record<string, string>>}
 */
export async function gatherTypes() {
  const files = {};
  const libraries = dirname(createRequire(import.meta.url).resolve('typescript'));
  for (const name of await readdir(libraries))
    if (/^lib\..*\.d\.ts$/.test(name) && !FOREIGN_LIBRARIES.test(name))
      files[`/lib/${name}`] = await readFile(join(libraries, name), 'utf8');
  const { dependencies } = JSON.parse(await readFile(join(RUNTIME, 'package.json'), 'utf8'));
  const seen = new Set();
  for (const name of ['node', ...Object.keys(dependencies)]) await gatherPackage(files, seen, name, 0);
  return files;
}

/** A package's own declarations, else those of @types, and then those of whatever they stand on. */
async function gatherPackage(files, seen, name, depth) {
  if (seen.has(name) || depth > MAX_DEPTH) return;
  seen.add(name);
  const typesName = `@types/${name.replace(/^@(.+)\/(.+)$/, '$1__$2')}`;
  const places = [
    [typesName, join(root, 'node_modules', typesName)],
    [name, join(RUNTIME, 'node_modules', name)],
    [name, join(root, 'node_modules', name)],
  ];
  for (const [as, folder] of places) {
    if (!existsSync(folder)) continue;
    const declarations = await declarationsIn(folder);
    if (declarations.length === 0) continue;
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const { version, type, types, typings, main, exports, typesVersions } = manifest;
    const kept = { name: as, version, type, types: types ?? typings, main, exports, typesVersions };
    files[`/node_modules/${as}/package.json`] = JSON.stringify(kept);
    for (const file of declarations)
      files[`/node_modules/${as}/${relative(folder, file)}`] = await readFile(file, 'utf8');
    const further = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    for (const other of further) await gatherPackage(files, seen, other.replace(/^@types\//, ''), depth + 1);
    return;
  }
}

async function declarationsIn(folder) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !/^(node_modules|test|tests|src|locales)$/.test(entry.name))
      found.push(...(await declarationsIn(path)));
    else if (entry.isFile() && DECLARATIONS.test(entry.name)) found.push(path);
  }
  return found;
}
