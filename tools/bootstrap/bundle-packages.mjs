import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { init, parse } from 'cjs-module-lexer';
import { build, version as esbuildVersion } from 'esbuild';
import { compileBundles } from './compile-bundles.mjs';

/**
 * Bundles the packages that candidates find in /node_modules, so that a process reads a few files instead of hundreds.
 * Nothing in `node_modules` is changed: `bundles/` beside it holds the files that lie over the originals in a sandbox.
 *
 * Every CommonJS file of a package's graph becomes a few lines that ask the package's bundle for the module of that
 * name. So there is one instance of each module however it is reached (`express`, `qs` from Express or from the candidate,
 * `express/lib/view.js`), and whatever a package.json says of its entry points holds.
 */
const BUNDLE = 'assay-bundle.cjs';
/** What BUNDLE runs: the modules of a package. Beside it lies what V8 compiled of it (compile-bundles.mjs). */
const MODULES = 'assay-bundle.js';
const STAMP = 'stamp.json';

/** A file whose meaning depends on where it lies, or on how it was loaded, stays as it is. */
const MINDS_ITS_PLACE = /^#!|\b__(?:dir|file)name\b|\brequire\.\w|\bmodule\.(?!exports\b)\w/;
/** Tables that are read when an encoding is first used: large, and rarely needed. */
const RARELY_NEEDED = /^iconv-lite\/encodings\/(?:sbcs-data|dbcs-data)/;

/**
 * Brings `<folder>/bundles` up to date with what is installed in `<folder>/node_modules`; does nothing when it is.
 * Resolves to whether there was something to do.
 */
export async function bundlePackages(folder) {
  const runtime = await realpath(folder);
  const key = await contentKey(runtime);
  const bundles = join(runtime, 'bundles');
  if (await isStamped(bundles, key)) return false;
  const building = `${bundles}.building`;
  await rm(building, { recursive: true, force: true });
  const packages = join(runtime, 'node_modules');
  const graph = await readGraph(packages, await packageNames(runtime));
  await init();
  for (const [file, { owner }] of graph)
    await writeIn(building, file, standIn(file, owner, await exportedNames(join(packages, file))));
  for (const owner of new Set([...graph.values()].map((file) => file.owner))) {
    await writeIn(building, `${owner}/${BUNDLE}`, LOADER);
    await writeIn(building, `${owner}/${MODULES}`, bundleOf(graph, owner));
  }
  await compileBundles(runtime, building);
  await writeIn(building, STAMP, `${JSON.stringify({ key })}\n`);
  await rm(bundles, { recursive: true, force: true });
  await rename(building, bundles);
  return true;
}

/** Changes when the packages, the bundler or what is written here do. */
async function contentKey(runtime) {
  const hash = createHash('sha256').update(esbuildVersion);
  hash.update(await readFile(join(runtime, 'package-lock.json')));
  for (const file of ['bundle-packages.mjs', 'compile-bundles.mjs'])
    hash.update(await readFile(join(import.meta.dirname, file)));
  return hash.digest('hex');
}

async function isStamped(bundles, key) {
  const stamp = join(bundles, STAMP);
  return existsSync(stamp) && JSON.parse(await readFile(stamp, 'utf8')).key === key;
}

/** Express first: what it shares with others belongs to its bundle. */
async function packageNames(runtime) {
  const { dependencies } = JSON.parse(await readFile(join(runtime, 'package.json'), 'utf8'));
  return Object.keys(dependencies).sort((a, b) => Number(b === 'express') - Number(a === 'express'));
}

/**
 * Every file (from `packages`) that may be bundled → its source, the package in whose bundle it is (the first that reaches
 * it) and what its `require` calls mean.
 */
async function readGraph(packages, names) {
  const require = createRequire(join(packages, 'x.cjs'));
  const graph = new Map();
  for (const owner of names) {
    const { metafile } = await build({
      absWorkingDir: packages,
      entryPoints: [require.resolve(owner)],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
      write: false,
      metafile: true,
      plugins: [leaveOut(packages)],
    });
    for (const [file, { imports }] of Object.entries(metafile.inputs)) {
      if (graph.has(file) || !(await canBeBundled(packages, file))) continue;
      const requires = imports
        .filter(({ external }) => !external)
        .map(({ original, path }) => [original, path]);
      const source = await readFile(join(packages, file), 'utf8');
      graph.set(file, { owner, source, requires: Object.fromEntries(requires) });
    }
  }
  return graph;
}

/** Leaves to Node's own `require` what cannot be bundled, what is not there, and what is only in the checkout around us. */
const leaveOut = (packages) => ({
  name: 'leave out',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'resolving' || from.kind === 'entry-point') return undefined;
      const found = await resolve(path, { ...from, pluginData: 'resolving' });
      const file = relative(packages, found.path);
      const isOurs = found.errors.length === 0 && !file.startsWith('..');
      return isOurs && (await canBeBundled(packages, file)) ? found : { path, external: true };
    });
  },
});

const verdicts = new Map();
async function canBeBundled(packages, file) {
  const path = join(packages, file);
  if (!verdicts.has(path)) verdicts.set(path, await judge(path, file));
  return verdicts.get(path);
}

async function judge(path, file) {
  if (RARELY_NEEDED.test(file) || !['.js', '.cjs'].includes(extname(file))) return false;
  if (extname(file) === '.js' && (await isModuleScope(dirname(path)))) return false;
  return !MINDS_ITS_PLACE.test(await readFile(path, 'utf8'));
}

async function isModuleScope(folder) {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) return JSON.parse(await readFile(manifest, 'utf8')).type === 'module';
  return isModuleScope(dirname(folder));
}

/** The names that `import { … }` finds in a CommonJS file: Node reads them from the text, with this same lexer. */
async function exportedNames(path, seen = new Set()) {
  if (seen.has(path) || extname(path) === '.json') return [];
  seen.add(path);
  const { exports, reexports } = parse(await readFile(path, 'utf8'));
  const { resolve } = createRequire(path);
  const targets = reexports.filter((name) => !isBuiltin(name)).map((name) => resolve(name));
  const others = await Promise.all(targets.map((target) => exportedNames(target, seen)));
  return [...new Set([...exports, ...others.flat()])].filter((name) => name !== 'default');
}

/** What lies in a file's place. The branch never runs: it tells Node's lexer which names `import { … }` may ask for. */
function standIn(file, owner, names) {
  const bundle = relative(dirname(file), `${owner}/${BUNDLE}`).replace(/^(?!\.)/, './');
  const named = names.map((name) => `exports[${JSON.stringify(name)}] = 0;`).join(' ');
  return `'use strict';
const load = require(${JSON.stringify(bundle)});
module.exports = load(${JSON.stringify(file)});
if (false) { ${named} }
`;
}

/**
 * Runs MODULES. What V8 compiled of them is used where it is of this very V8 and fits its flags; V8 itself sees to that, and
 * compiles them anew where it is not.
 */
const LOADER = `'use strict';
const { readFileSync } = require('node:fs');
const { Script, constants } = require('node:vm');
const filename = __dirname + '/${MODULES}';
let cachedData;
try {
  cachedData = readFileSync(filename + '.' + process.version);
} catch {}
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  cachedData,
  importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
module.exports = script.runInThisContext()(require, __dirname);
`;

/**
 * Sources as they are, each in a function as Node itself would wrap it (Node's lexer must not find `exports` here, and a
 * 'use strict' at the top would hold for all). What a file requires of another bundle, or by a name made up at run time,
 * Node is asked for from where the file lies.
 */
function bundleOf(graph, owner) {
  const own = [...graph].filter(([, file]) => file.owner === owner);
  const isOwn = new Set(own.map(([file]) => file));
  const entries = own.map(([file, { source, requires }]) => {
    const known = Object.fromEntries(Object.entries(requires).filter(([, path]) => isOwn.has(path)));
    return `${JSON.stringify(file)}: [${JSON.stringify(known)}, function (exports, require, module) {${source}\n}]`;
  });
  return inAscii(`(function (require, folder) {
const { createRequire, isBuiltin } = require('node:module');
const packages = require('node:path').join(folder, ${JSON.stringify(relative(owner, '.'))});
const loaded = new Map();
function load(file) {
  const known = loaded.get(file);
  if (known) return known.exports;
  const own = { exports: {}, loaded: false };
  loaded.set(file, own);
  const [requires, run] = files[file];
  try {
    run.call(own.exports, own.exports, requireOf(file, requires), own);
    own.loaded = true;
  } finally {
    if (!own.loaded) loaded.delete(file);
  }
  return own.exports;
}
function requireOf(file, requires) {
  let askNode;
  return (id) => {
    if (Object.hasOwn(requires, id)) return load(requires[id]);
    if (isBuiltin(id)) return require(id);
    askNode ??= createRequire(packages + '/' + file);
    return askNode(id);
  };
}
const files = {
${entries.join(',\n')}
};
return load;
})`);
}

/** A byte a character: V8 keeps such a text as it is read, and half as large. */
const inAscii = (source) =>
  source.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

async function writeIn(folder, file, content) {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
