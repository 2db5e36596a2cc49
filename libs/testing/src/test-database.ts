import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '@assay/db';
import pg from 'pg';

const MIGRATIONS = join(import.meta.dirname, '../../../prisma/migrations');
const TEMPLATE_LOCK = 7199;

export interface TestDatabase {
  /** Connected as the owner, who may do anything. */
  ownerUrl: string;
  /** As the two roles of production, which may not. */
  apiUrl: string;
  workerUrl: string;
  drop(): Promise<void>;
}

/**
 * A database of its own for one spec file, cloned in milliseconds from a template that was migrated once.
 * Needs ASSAY_TEST_DATABASE_URL: a cluster's superuser; `npm test` provides one.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: adminUrl() });
  await admin.connect();
  const name = `assay_test_${randomBytes(6).toString('hex')}`;
  try {
    // Cloning wants a template that nobody is connected to, so one at a time.
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${await ensureTemplate(admin)}`);
  } finally {
    await admin.end();
  }
  const ownerUrl = urlOf(name);
  return {
    ownerUrl,
    apiUrl: withRole(ownerUrl, 'assay_api'),
    workerUrl: withRole(ownerUrl, 'assay_worker'),
    drop: () => dropDatabase(name),
  };
}

/** An empty database, for what tests migrations themselves. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `assay_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name}`);
  return { url: urlOf(name), drop: () => dropDatabase(name) };
}

async function ensureTemplate(admin: pg.Client): Promise<string> {
  const name = `assay_template_${await migrationsHash()}`;
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [
    name,
  ]);
  if (rowCount) return name;
  // A leftover without the mark was cut off while it was being migrated.
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${name}`);
  await migrate(urlOf(name), MIGRATIONS);
  await admin.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
  return name;
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  const files = await readdir(MIGRATIONS, { recursive: true });
  for (const file of files.filter((path) => path.endsWith('.sql')).sort()) {
    hash.update(file).update(await readFile(join(MIGRATIONS, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

const dropDatabase = (name: string) => asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);

async function asAdmin(sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl() });
  await admin.connect();
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}

function adminUrl(): string {
  const url = process.env.ASSAY_TEST_DATABASE_URL;
  if (!url)
    throw new Error('ASSAY_TEST_DATABASE_URL is not set: run the tests through `npm test -- <arguments>`');
  return url;
}

function urlOf(name: string): string {
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  return url.href;
}

function withRole(ownerUrl: string, role: string): string {
  const url = new URL(ownerUrl);
  url.searchParams.set('options', `-c role=${role}`);
  return url.href;
}
