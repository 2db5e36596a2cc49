import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { inCheckout } from './checkout.mjs';
import { step } from './progress.mjs';
import { runQuietly } from './run-quietly.mjs';

const schemaFile = inCheckout('prisma', 'schema.prisma');
const generated = inCheckout('libs', 'db', 'src', 'generated');
const stampFile = inCheckout('libs', 'db', 'src', 'generated', '.schema-hash');

/** Lets every command of the Prisma CLI work without a download; see tools/prisma/schema-engine.mjs. */
export const prismaEnv = { PRISMA_SCHEMA_ENGINE_BINARY: inCheckout('tools', 'prisma', 'schema-engine.mjs') };

async function schemaHash() {
  const { version } = JSON.parse(
    await readFile(inCheckout('node_modules', 'prisma', 'package.json'), 'utf8'),
  );
  return createHash('sha256')
    .update(version)
    .update(await readFile(schemaFile))
    .digest('hex');
}

/** Writes the Prisma client that prisma/schema.prisma describes, unless it is there already. */
export async function generatePrismaClient() {
  if (!existsSync(schemaFile)) return;
  const hash = await schemaHash();
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === hash) return;
  await step('Prisma client', async () => {
    await rm(generated, { recursive: true, force: true });
    await runQuietly(inCheckout('node_modules', '.bin', 'prisma'), ['generate', `--schema=${schemaFile}`], {
      env: prismaEnv,
    });
    await writeFile(stampFile, hash);
  });
}

/** Compiles what has changed since the last build. */
export const buildPackages = () =>
  step('build', () => runQuietly(process.execPath, [inCheckout('tools', 'build.mjs')]));
