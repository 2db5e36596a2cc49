#!/usr/bin/env node
/**
 * A schema engine for the Prisma CLI that needs no download.
 *
 * `prisma migrate …` and `prisma db …` talk to a native program that Prisma fetches from its own host, which a
 * self-hosted machine may not reach. npm ships the same engine as WebAssembly; this program puts that behind the
 * native one's interface: command line flags in, line-delimited JSON-RPC on stdin and stdout.
 * Use: PRISMA_SCHEMA_ENGINE_BINARY=<this file> prisma migrate dev, or `npm run prisma -- migrate dev`.
 * Only development uses it: production migrates with `npm run migrate`, which needs no engine at all.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { parse as parseConnectionString } from 'pg-connection-string';

const require = createRequire(import.meta.url);
const argv = process.argv.slice(2);

/** Every value given for a flag that may be repeated. */
const flagValues = (flag) => argv.flatMap((argument, index) => (argument === flag ? [argv[index + 1]] : []));

/** The database the command is about. Commands that need none (`migrate diff` between files) still name one. */
function datasource() {
  const { url } = JSON.parse(flagValues('--datasource')[0] ?? '{}');
  const parsed = new URL(url || 'postgresql://postgres@127.0.0.1:5432/postgres');
  // `schema` is Prisma's own parameter; Postgres would refuse it.
  const schema = parsed.searchParams.get('schema') ?? undefined;
  parsed.searchParams.delete('schema');
  return { url: parsed, schema };
}

/** Writes to a stream and ends the process once it has been written. */
const writeAndExit = (stream, message, code) => stream.write(message, () => process.exit(code));

/** How the CLI expects to hear of a failure outside a JSON-RPC call. */
const logLine = (fields) =>
  `\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`;

/** Prisma's codes for what Postgres answers; anything else means "cannot reach the server". */
const prismaCodes = { '3D000': 'P1003', '28P01': 'P1000', '42P04': 'P1009' };

/** `cli can-connect-to-database | create-database | drop-database`. */
async function runDatabaseCommand(command) {
  const { url } = datasource();
  const database = decodeURIComponent(url.pathname.slice(1));
  // A database can be made and dropped from another one only.
  if (command !== 'can-connect-to-database') url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  try {
    await client.connect();
    const name = client.escapeIdentifier(database);
    if (command === 'create-database') await client.query(`CREATE DATABASE ${name}`);
    if (command === 'drop-database') await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    process.exit(0);
  } catch (error) {
    const fields = { message: error.message || error.code, error_code: prismaCodes[error.code] ?? 'P1001' };
    writeAndExit(process.stderr, logLine(fields), 1);
  }
}

/** The catalogs' one-byte type "char" and its array; adapter-pg knows neither, but char(n) and text[]. */
const charType = { scalar: 18, array: 1002 };
const knownInstead = { [charType.scalar]: pg.types.builtins.BPCHAR, [charType.array]: 1009 };

/**
 * Makes a connection answer columns of type "char", in which the engine reads what a database consists of. The engine
 * insists on their being characters: given text, it panics at the first CHECK or NOT NULL constraint.
 */
function decodeCharColumns(connection) {
  const { queryRaw } = connection;
  connection.queryRaw = async (query) => {
    let charColumns = [];
    const recording = Object.create(connection, {
      performIO: {
        value: async (io) => {
          const result = await connection.performIO(io);
          charColumns = result.fields.map(({ dataTypeID }) => dataTypeID === charType.scalar);
          const present = (field) => ({
            ...field,
            dataTypeID: knownInstead[field.dataTypeID] ?? field.dataTypeID,
          });
          return { ...result, fields: result.fields.map(present) };
        },
      },
    });
    const result = await queryRaw.call(recording, query);
    const columnTypes = result.columnTypes.map((type, i) =>
      charColumns[i] ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
  return connection;
}

/**
 * The engine asks for the server's version before it knows its command, and a diff between files needs no server. So
 * where there is none, or no such database, the opening question gets a harmless answer; whatever then does need the
 * database hears the failure.
 */
function openWithoutDatabase(connection) {
  const { queryRaw } = connection;
  connection.queryRaw = async (query) => {
    try {
      return await queryRaw(query);
    } catch (error) {
      if (!query.sql.includes('server_version_num')) throw error;
      return {
        columnNames: ['exists', 'version', 'numeric_version'],
        columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
        rows: [[true, 'PostgreSQL 18.0', 180_000]],
      };
    }
  };
  return connection;
}

/** The way to the database that the engine uses, with a shadow database of our own making. */
function adapterFactory() {
  const { url, schema } = datasource();
  // Discrete fields: given a connection string, pg ignores `database`, and the shadow database would BE the real one.
  const given = Object.entries(parseConnectionString(url.href)).filter(
    ([, value]) => value != null && value !== '',
  );
  const fields = Object.fromEntries(given);
  const connectTo = async (database) =>
    decodeCharColumns(await new PrismaPg({ ...fields, ...database }, { schema }).connect());
  const factory = new PrismaPg(fields, { schema });
  factory.connect = async () => openWithoutDatabase(await connectTo());
  // The stock method drops the shadow database while it is still connected to it, which Postgres refuses.
  factory.connectToShadowDb = async () => {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    const owner = await connectTo();
    await owner.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await connectTo({ database });
    const disconnect = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await disconnect();
      await owner.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
      await owner.dispose();
    };
    return shadow;
  };
  return bindMigrationAwareSqlAdapterFactory(factory);
}

/** Loads the WebAssembly engine; the package's own loader works in bundlers only. */
async function loadEngine() {
  const glueFile = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = await import(glueFile);
  const code = await readFile(glueFile.replace(/js$/, 'wasm'));
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const datamodels = await Promise.all(
    flagValues('--datamodels').map(async (path) => [path, await readFile(path, 'utf8')]),
  );
  const options = { datamodels: datamodels.length > 0 ? datamodels : undefined };
  return glue.SchemaEngine.new(options, () => {}, adapterFactory());
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
/** Ids of our own calls to the CLI; it only answers them, so they just must not collide with its ids. */
const firstOwnId = 1_000_000;

/** Ids of the CLI's calls that wait for their answer. */
const unanswered = new Set();

function sendError(id, { message, code }) {
  const data = { is_panic: false, message, error_code: code };
  send({ id, error: { code: 4466, message: 'engine error', data } });
}

/**
 * A panic of the WebAssembly code traps outside every promise, after leaving its message in this registry. Unanswered,
 * the CLI would take it for success.
 */
function answerPanics() {
  let message;
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (panicMessage) => (message = panicMessage) };
  process.on('uncaughtException', (error) => {
    for (const id of unanswered) sendError(id, { message: message ?? error.message });
    writeAndExit(process.stderr, logLine({ message: message ?? error.message }), 101);
  });
}

async function answer(engine, { id, method, params }) {
  unanswered.add(id);
  try {
    const result = await engine[method === 'getDatabaseVersion' ? 'version' : method](params);
    // The native engine prints a diff itself, by a call back to the CLI.
    if (method === 'diff' && result?.stdout != null) {
      send({ id: firstOwnId + id, method: 'print', params: { content: result.stdout } });
    }
    send({ id, result: result ?? {} });
  } catch (error) {
    sendError(id, error);
  }
  unanswered.delete(id);
}

/** Answers the CLI's calls until it closes stdin and all of them are answered. */
async function serve() {
  answerPanics();
  pg.types.setTypeParser(charType.array, pg.types.getTypeParser(knownInstead[charType.array]));
  const engine = await loadEngine();
  const calls = [];
  for await (const line of createInterface({ input: process.stdin })) {
    const message = line.trim() === '' ? {} : JSON.parse(line);
    // What has no method is the answer to a call of ours.
    if (message.method !== undefined) calls.push(answer(engine, message));
  }
  await Promise.all(calls);
  process.stdout.write('', () => process.exit(0));
}

if (argv.includes('--version')) {
  process.stdout.write('schema-engine-cli wasm\n');
} else if (argv.includes('cli')) {
  await runDatabaseCommand(argv[argv.indexOf('cli') + 1]);
} else {
  await serve().catch((error) => writeAndExit(process.stderr, logLine({ message: error.message }), 1));
}
