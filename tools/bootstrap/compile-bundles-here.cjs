/**
 * `node compile-bundles-here.cjs <folder> <bundles>`: loads every bundle in `<folder>/node_modules`, runs what nearly every
 * server runs, and writes what this V8 compiled on the way into `bundles`.
 */
const { readdirSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join, relative } = require('node:path');
const vm = require('node:vm');

const [folder, bundles] = process.argv.slice(2);
const packages = join(folder, 'node_modules');
const compiled = new Map();

/** What a bundle is run with. */
vm.Script = class extends vm.Script {
  constructor(source, options) {
    // The name is kept with what was compiled, and read in stack traces: in a sandbox the packages lie here.
    super(source, { ...options, filename: join('/node_modules', relative(packages, options.filename)) });
    compiled.set(relative(packages, options.filename), this);
  }
};

const here = createRequire(join(folder, 'x.cjs'));
const owners = readdirSync(bundles, { recursive: true })
  .filter((file) => file.endsWith('assay-bundle.cjs'))
  .map(dirname);

async function serve() {
  const express = here('express');
  const app = express();
  const router = express.Router();
  router.get('/there/:id', ({ query, params }, response) => response.set('X-A', 'b').json({ query, params }));
  router.post('/there', ({ body }, response) => response.status(201).location('/there/1').json(body));
  router.get('/throws', () => {
    throw new Error('no');
  });
  app.use(express.json());
  app.use('/v1', router);
  app.use((_request, response) => response.status(404).type('application/problem+json').send('{}'));
  app.use((error, _request, response, _next) => response.status(error.status ?? 500).json({}));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const ask = async (path, init) =>
    (await fetch(`http://127.0.0.1:${server.address().port}/v1${path}`, init)).text();
  const post = (body) => ({
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
  await ask('/there/1?a=1');
  await ask('/there', post('{"a":1}'));
  await ask('/there', post('{'));
  await ask('/throws');
  await ask('/nowhere');
}

async function main() {
  for (const owner of owners) here(`./node_modules/${owner}/assay-bundle.cjs`);
  for (const owner of owners) here(owner);
  await serve();
  for (const [file, script] of compiled) {
    const target = join(bundles, `${file}.${process.version}`);
    writeFileSync(`${target}.part`, script.createCachedData());
    renameSync(`${target}.part`, target); // another command may be copying the bundles
  }
  process.exit();
}

main();
