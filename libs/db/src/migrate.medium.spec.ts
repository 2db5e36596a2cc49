import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEmptyDatabase } from '@assay/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate } from './migrate.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const migrations = join(root, 'prisma/migrations');

describe('migrate', () => {
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let folder: string;

  beforeEach(async () => {
    database = await createEmptyDatabase();
    folder = await mkdtemp(join(tmpdir(), 'assay-migrations-'));
    await cp(migrations, folder, { recursive: true });
  });
  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  it('applies every migration once, also when two start together', async () => {
    const applied = await Promise.all([migrate(database.url, folder), migrate(database.url, folder)]);
    const names = (await readdir(folder)).filter((name) => name !== 'migration_lock.toml').sort();
    expect(applied.flat().sort()).toEqual(names);
    expect(await migrate(database.url, folder)).toEqual([]);
  });

  it('refuses a migration that was edited after it had been applied', async () => {
    const [first] = await migrate(database.url, folder);
    await writeFile(join(folder, String(first), 'migration.sql'), 'SELECT 1');
    await expect(migrate(database.url, folder)).rejects.toThrow(/edited/);
  });

  it('leaves nothing behind of a migration that fails', async () => {
    await migrate(database.url, folder);
    const broken = join(folder, '99990101000000_broken__table__create');
    await cp(migrations, broken, { recursive: true });
    await writeFile(join(broken, 'migration.sql'), 'CREATE TABLE half_done (id int); SELECT broken;');
    await expect(migrate(database.url, folder)).rejects.toThrow(/failed/);
    await writeFile(join(broken, 'migration.sql'), 'CREATE TABLE half_done (id int)');
    expect(await migrate(database.url, folder)).toEqual(['99990101000000_broken__table__create']);
  });

  it('gives the tables that schema.prisma describes', async () => {
    await migrate(database.url, folder);
    const env = {
      ...process.env,
      DATABASE_URL: database.url,
      PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'tools/prisma/schema-engine.mjs'),
    };
    const prisma = join(root, 'node_modules/.bin/prisma');
    const compare = [
      'migrate',
      'diff',
      '--from-config-datasource',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ];
    // Exit code 2 says that they differ, and the output says how.
    const { stdout } = await run(prisma, compare, { cwd: root, env });
    expect(stdout).toMatch(/No difference detected/);
  }, 30_000);
});
