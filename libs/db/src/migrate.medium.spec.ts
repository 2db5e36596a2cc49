import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEmptyDatabase } from '@assay/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from './migrate.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const migrations = join(root, 'prisma/migrations');

const uuid = (last: number) => `019a0000-0000-7000-8000-00000000000${last}`;

/** Of one attempt and two versions of a task, written as SQL: the client knows the newest tables only. Gives their ids. */
async function insertTwoSubmissions(client: pg.Client): Promise<[string, string]> {
  await client.query(`
    INSERT INTO organisation (id, name) VALUES ('${uuid(1)}', 'Acme');
    INSERT INTO role (id, organisation_id, title, description, target_level)
      VALUES ('${uuid(1)}', '${uuid(1)}', 'Engineer', '', 'mid');
    INSERT INTO candidate (id, organisation_id, email, name) VALUES ('${uuid(1)}', '${uuid(1)}', 'c@mail.example', 'Cam');
    INSERT INTO candidacy (id, organisation_id, role_id, candidate_id)
      VALUES ('${uuid(1)}', '${uuid(1)}', '${uuid(1)}', '${uuid(1)}');
    INSERT INTO assessment (id, organisation_id, name, minutes) VALUES ('${uuid(1)}', '${uuid(1)}', 'A', 60);
    INSERT INTO attempt (id, candidacy_id, assessment_id, minutes) VALUES ('${uuid(1)}', '${uuid(1)}', '${uuid(1)}', 60);
    INSERT INTO task_version (id, task_id, version, code, title, minutes, competencies, brief, starter, sample_checks,
      limits, content_hash) VALUES
      ('${uuid(1)}', 'notes', 1, 'T90', 'Notes', 30, '{rest}', '', '[]', '[]', '{}', 'one'),
      ('${uuid(2)}', 'notes', 2, 'T90', 'Notes', 30, '{rest}', '', '[]', '[]', '{}', 'two');
    INSERT INTO submission (id, attempt_id, task_version_id, snapshot_sha256, reason) VALUES
      ('${uuid(1)}', '${uuid(1)}', '${uuid(1)}', 'x', 'candidate'),
      ('${uuid(2)}', '${uuid(1)}', '${uuid(2)}', 'x', 'candidate')`);
  return [uuid(1), uuid(2)];
}

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

  it('gives gradings made before it their task version, and those of the version before it', async () => {
    const regrade = '20261122200000_grading__regrade__create';
    const later = (await readdir(folder)).filter((name) => name >= regrade && name !== 'migration_lock.toml');
    const kept = await mkdtemp(join(tmpdir(), 'assay-later-'));
    for (const name of later) await rename(join(folder, name), join(kept, name));
    await migrate(database.url, folder);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const [early, late] = await insertTwoSubmissions(client);
      await client.query('INSERT INTO grading (id, submission_id) VALUES ($1, $1)', [early]);
      await client.query(
        "UPDATE grading SET state = 'needs_attention', dispatched_at = '2026-01-02T03:04:05Z'",
      );
      for (const name of later) await rename(join(kept, name), join(folder, name));
      await migrate(database.url, folder);
      await client.query('INSERT INTO grading (id, submission_id) VALUES ($1, $1)', [late]);
      const { rows } = await client.query(`
        SELECT g.id, g.task_version_id = s.task_version_id AS is_its_own, g.needs_attention_since
        FROM grading g JOIN submission s ON s.id = g.submission_id ORDER BY g.id`);
      expect(rows).toEqual([
        { id: early, is_its_own: true, needs_attention_since: new Date('2026-01-02T03:04:05Z') },
        { id: late, is_its_own: true, needs_attention_since: null },
      ]);
    } finally {
      await client.end();
      await rm(kept, { recursive: true });
    }
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
