import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';

const checkout = join(import.meta.dirname, '..', '..');
const server = process.env.ASSAY_TEST_DATABASE_URL ?? 'ASSAY_TEST_DATABASE_URL is not set';

const tea = `
datasource db {
  provider = "postgresql"
}

model Tea {
  id   Int    @id
  name String @unique
}
`;
// A CHECK, because Prisma cannot say it and must not stumble over it.
const createTea = `CREATE TABLE "Tea" ("id" INTEGER NOT NULL, "name" TEXT NOT NULL CHECK ("name" <> ''), CONSTRAINT "Tea_pkey" PRIMARY KEY ("id"));
CREATE UNIQUE INDEX "Tea_name_key" ON "Tea"("name");
`;

let folder: string;
let url: string;

/** Runs the stock CLI on the project in `folder`, with our engine and `url` as its database. */
const prisma = (...args: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      PRISMA_SCHEMA_ENGINE_BINARY: join(checkout, 'tools', 'prisma', 'schema-engine.mjs'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      DATABASE_URL: url,
    };
    execFile(
      join(checkout, 'node_modules', '.bin', 'prisma'),
      args,
      { cwd: folder, env },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });

async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const databases = async (like: string) =>
  (await query(server, `SELECT datname FROM pg_database WHERE datname LIKE '${like}'`)).map(
    ({ datname }) => datname,
  );

beforeEach(async () => {
  // A space, because checkouts may lie below one.
  folder = await mkdtemp(join(tmpdir(), 'schema engine-'));
  const database = new URL(server);
  database.pathname = `/engine_${randomUUID().replaceAll('-', '')}`;
  url = database.href;
  await mkdir(join(folder, 'migrations', '1_tea'), { recursive: true });
  await writeFile(join(folder, 'schema.prisma'), tea);
  await writeFile(join(folder, 'migrations', '1_tea', 'migration.sql'), createTea);
  await writeFile(join(folder, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
  await writeFile(
    join(folder, 'prisma.config.ts'),
    `export default { schema: 'schema.prisma', migrations: { path: 'migrations' }, datasource: { url: process.env.DATABASE_URL } };\n`,
  );
});

afterEach(async () => {
  await query(server, `DROP DATABASE IF EXISTS "${new URL(url).pathname.slice(1)}" WITH (FORCE)`);
  await rm(folder, { recursive: true });
});

it('writes the migration from nothing to a schema, without a database', async () => {
  const { code, output } = await prisma(
    'migrate',
    'diff',
    '--from-empty',
    '--to-schema',
    'schema.prisma',
    '--script',
  );
  expect(output).toContain('CREATE TABLE "Tea"');
  expect(code).toBe(0);
}, 60_000);

it('deploys to a database that does not exist yet, and only once', async () => {
  const first = await prisma('migrate', 'deploy');
  expect(first.output).toContain('1_tea');
  expect(first.code).toBe(0);
  await query(url, `INSERT INTO "Tea" VALUES (1, 'oolong')`);
  const second = await prisma('migrate', 'deploy');
  expect(second.output).toContain('No pending migrations');
  expect(await query(url, 'SELECT * FROM "Tea"')).toEqual([{ id: 1, name: 'oolong' }]);
}, 60_000);

it('tells drift by exit status 2, in a database and in the migrations', async () => {
  await prisma('migrate', 'deploy');
  const compare = ['migrate', 'diff', '--exit-code', '--to-schema', 'schema.prisma'];
  expect((await prisma(...compare, '--from-config-datasource')).code).toBe(0);

  await query(url, 'ALTER TABLE "Tea" ADD COLUMN "origin" TEXT');
  const drifted = await prisma(...compare, '--from-config-datasource');
  expect(drifted.output).toContain('origin');
  expect(drifted.code).toBe(2);
}, 60_000);

it('develops a migration with a shadow database that is not the real one and does not stay', async () => {
  await prisma('migrate', 'deploy');
  await query(url, `INSERT INTO "Tea" VALUES (1, 'oolong')`);
  await writeFile(join(folder, 'schema.prisma'), tea.replace('@unique', '@unique\n  grams Int @default(5)'));
  const shadowsBefore = await databases('prisma_migrate_shadow%');
  const { output } = await prisma('migrate', 'dev', '--name', 'grams');
  expect(output).toContain('grams');
  expect(await query(url, 'SELECT * FROM "Tea"')).toEqual([{ id: 1, name: 'oolong', grams: 5 }]);
  expect(await databases('prisma_migrate_shadow%')).toEqual(shadowsBefore);
}, 60_000);

it('says why when the database cannot be reached', async () => {
  const wrong = new URL(url);
  wrong.password = 'wrong';
  url = wrong.href;
  const { code, output } = await prisma('migrate', 'deploy');
  expect(output).toContain('P1000');
  expect(code).toBe(1);
  url = Object.assign(wrong, { password: new URL(server).password }).href;
}, 60_000);
