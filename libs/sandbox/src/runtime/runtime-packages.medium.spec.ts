import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyPackages, packagesKey } from './runtime-packages.js';

const runtimePackages = join(import.meta.dirname, '../../../../content/runtime/node_modules');
const packages = Object.keys(
  JSON.parse(await readFile(join(dirname(runtimePackages), 'package.json'), 'utf8')).dependencies,
);

/** The same packages twice: as npm installed them, and as a sandbox gets them. */
let plain: string;
let bundled: string;
beforeAll(async () => {
  plain = await mkdtemp(join(tmpdir(), 'packages-plain-'));
  bundled = await mkdtemp(join(tmpdir(), 'packages-bundled-'));
  await cp(runtimePackages, join(plain, 'node_modules'), { recursive: true });
  await copyPackages(runtimePackages, join(bundled, 'node_modules'));
}, 60_000);
afterAll(async () => {
  for (const folder of [plain, bundled]) await rm(folder, { recursive: true, force: true });
});

/** Runs a program in a folder with these packages; gives its stdout. */
async function run(folder: string, program: string, type: 'commonjs' | 'module'): Promise<string> {
  const file = join(folder, type === 'module' ? 'main.mjs' : 'main.cjs');
  await writeFile(file, program);
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', file], {
    cwd: folder,
    env: { TZ: 'UTC' },
  });
  return stdout;
}

/** Name, kind and own properties of everything that a package gives. */
const SHAPE = `
  const shapeOf = (value) => Object.getOwnPropertyNames(value).sort().map((name) => {
    const { value: member, get } = Object.getOwnPropertyDescriptor(value, name);
    const kind = typeof (get ? value[name] : member);
    return [name, kind, kind === 'function' ? [(get ? value[name] : member).name, (get ? value[name] : member).length] : kind === 'object' ? null : undefined];
  });`;

describe.each(packages)('%s', (name) => {
  it('is the same to require, bundled or not', async () => {
    const program = `${SHAPE} process.stdout.write(JSON.stringify(shapeOf(require(${JSON.stringify(name)}))), () => process.exit());`;
    const shape = await run(bundled, program, 'commonjs');
    expect(JSON.parse(shape)).toEqual(JSON.parse(await run(plain, program, 'commonjs')));
    expect(JSON.parse(shape).length).toBeGreaterThan(0);
  });

  it('is the same to import, with the same names', async () => {
    const program = `import * as found from ${JSON.stringify(name)}; ${SHAPE}
      process.stdout.write(JSON.stringify([shapeOf(found), shapeOf(found.default ?? {})]), () => process.exit());`;
    const shape = await run(bundled, program, 'module');
    expect(JSON.parse(shape)).toEqual(JSON.parse(await run(plain, program, 'module')));
  });
});

it('serves a request with Express and everything around it, as plain packages do', async () => {
  const program = `
    import cookieParser from 'cookie-parser';
    import express, { Router } from 'express';
    import helmet from 'helmet';
    import http from 'node:http';
    import { Writable } from 'node:stream';
    import pinoHttp from 'pino-http';
    const app = express();
    const lines = [];
    const stream = new Writable({ write(chunk, _encoding, done) { lines.push(JSON.parse(chunk)); done(); } });
    app.set('views', process.cwd());
    app.use(helmet(), cookieParser('secret'), pinoHttp({}, stream), express.json(), express.urlencoded({ extended: true }));
    const router = Router();
    router.post('/echo/:id', (req, res) => res.json([req.params.id, req.body, req.query, req.cookies]));
    router.get('/page', (req, res) => res.render('page.ejs', { text: '<b>' }));
    router.get('/throw', async () => { throw new Error('no'); });
    app.use('/v1', router);
    app.use((error, req, res, next) => res.status(418).json({ name: error.name, message: error.message }));
    const server = app.listen(0, '127.0.0.1', async () => {
      const at = 'http://127.0.0.1:' + server.address().port;
      const answers = [];
      const ask = async (path, init) => {
        const answer = await fetch(at + path, init);
        answers.push([answer.status, Object.keys(Object.fromEntries(answer.headers)).sort(), await answer.text()]);
      };
      const post = (type, body) => ({ method: 'POST', headers: { 'content-type': type, cookie: 'a=1' }, body });
      await ask('/v1/echo/%C3%A9?x[y]=1', post('application/json; charset=latin1', '{"a":1}'));
      await ask('/v1/echo/7', post('application/json; charset=utf-16', Buffer.from('{"a":"é"}', 'utf16le')));
      await ask('/v1/echo/7', post('application/x-www-form-urlencoded', 'a[b]=c&d=e'));
      await ask('/v1/echo/7', post('application/json', '{"a":'));
      await ask('/v1/page');
      await ask('/v1/throw');
      await ask('/nowhere');
      process.stdout.write(JSON.stringify([answers, lines.map((line) => Object.keys(line))]), () => process.exit());
    });`;
  const answers: unknown[] = [];
  for (const folder of [plain, bundled]) {
    await writeFile(join(folder, 'page.ejs'), '<p><%= text %></p>');
    const output = await run(folder, program, 'module');
    answers.push(JSON.parse(output.replaceAll(folder, '')));
  }
  expect(answers[1]).toEqual(answers[0]);
  expect(JSON.stringify(answers[1])).toContain('&lt;b&gt;');
}, 30_000);

it('keeps one instance of each module, however it is reached', async () => {
  const program = `
    const express = require('express');
    const same = [
      require('express/lib/express') === express,
      Object.getPrototypeOf(express.response) === require('http').ServerResponse.prototype,
      require('express/lib/response') === express.response,
      express.Router === require('router'),
      require('pg').types === require('pg-types'),
      require('pino-http').startTime === require('pino-http/logger').startTime,
      new (require('http-errors').NotFound)() instanceof require('http-errors').HttpError,
    ];
    import('express').then((imported) => {
      same.push(imported.default === express, imported.Router === express.Router);
      process.stdout.write(JSON.stringify(same));
    });`;
  expect(JSON.parse(await run(bundled, program, 'commonjs'))).toEqual(Array(9).fill(true));
});

it('reads a tenth of the files for Express', async () => {
  const count = `require('express'); process.stdout.write(String(Object.keys(require.cache).length));`;
  const [before, after] = [await run(plain, count, 'commonjs'), await run(bundled, count, 'commonjs')];
  expect(Number(after)).toBeLessThan(Number(before) / 10);
});

it('has what V8 compiled of Express, which V8 takes: also in a server that boots with a limit to its heap', async () => {
  // As warm-start.ts has it: the limit has done its work, and is no flag any more.
  const program = `
    const vm = require('node:vm');
    const taken = [];
    vm.Script = class extends vm.Script {
      constructor(source, options) { super(source, options); taken.push([options.cachedData !== undefined, this.cachedDataRejected]); }
    };
    const file = require.resolve('express/assay-bundle.cjs');
    const again = (flag) => {
      require('node:v8').setFlagsFromString(flag);
      delete require.cache[file];
      require(file);
    };
    again('--max-old-space-size=0');
    again('--max-old-space-size=153');
    process.stdout.write(JSON.stringify(taken), () => process.exit());`;
  // The other flag shows that this is where V8 would refuse.
  expect(JSON.parse(await run(bundled, program, 'commonjs'))).toEqual([
    [true, false],
    [true, true],
  ]);
});

it('is listed for candidates and authors', async () => {
  const runtime = dirname(runtimePackages);
  const { dependencies } = JSON.parse(await readFile(join(runtime, 'package.json'), 'utf8'));
  const page = await readFile(join(runtime, '../../docs/packages.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)].map(([, name, version]) => [
    name,
    version,
  ]);
  expect(Object.fromEntries(listed)).toEqual(dependencies);
});

it('has another key when the packages are bundled anew', async () => {
  const runtime = await mkdtemp(join(tmpdir(), 'packages-key-'));
  const folder = join(runtime, 'node_modules');
  await cp(join(dirname(runtimePackages), 'package-lock.json'), join(runtime, 'package-lock.json'));
  const key = await packagesKey(folder);
  await cp(join(dirname(runtimePackages), 'bundles', 'stamp.json'), join(runtime, 'bundles', 'stamp.json'));
  expect(await packagesKey(folder)).not.toBe(key);
  await rm(runtime, { recursive: true });
});
