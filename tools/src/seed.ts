import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '@assay/db';
import { hashPassword, withSecretFiles } from '@assay/platform';
import type { NodeMajor } from '@assay/tasks';
import { createDemoLogin, findDemoLogin } from './demo-login.js';
import { publishWrittenContent } from './publish-content.js';
import { CONTENT, publishTasks } from './publish-tasks.js';

// Publishes the tasks and the written content and, unless ASSAY_DEMO=false, makes a demo organisation with one owner. Safe to repeat.
// stdout: how to log in, as JSON; stderr: what was done.

const DEMO_ORGANISATION = 'Demo organisation';

const { DATABASE_URL: url, ASSAY_HOME: home, ASSAY_DEMO: demo } = withSecretFiles(process.env);
if (!url || !home) {
  process.stderr.write('Set DATABASE_URL (connected as its owner) and ASSAY_HOME.\n');
  process.exit(2);
}
const db = new Database(url);
try {
  for (const line of await publishTasks(db, CONTENT, installNode)) process.stderr.write(`${line}\n`);
  for (const line of await publishWrittenContent(db, CONTENT)) process.stderr.write(`${line}\n`);
  if (demo !== 'false') process.stdout.write(`${JSON.stringify(await seedDemoOwner(db, home))}\n`);
} finally {
  await db.close();
}

/** Only where candidates' packages lie, which a worker beside us takes: an image that only publishes has neither. */
async function installNode(major: NodeMajor) {
  if (!existsSync(join(CONTENT, 'runtime'))) return;
  const installer = await import('../bootstrap/install-node.mjs');
  await installer.installNode(major);
}

async function seedDemoOwner(database: Database, dataFolder: string) {
  const login = (await findDemoLogin(dataFolder)) ?? (await createDemoLogin(dataFolder));
  const passwordHash = await hashPassword(login.password);
  await database.transaction(async (tx) => {
    const known = await tx.member.findUnique({ where: { email: login.email } });
    if (known) {
      await tx.member.update({ where: { id: known.id }, data: { passwordHash } });
      return;
    }
    const owner = { name: 'Demo Owner', email: login.email, access: 'owner' as const, passwordHash };
    await tx.organisation.create({ data: { name: DEMO_ORGANISATION, members: { create: owner } } });
  });
  return login;
}
