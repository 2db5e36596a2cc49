import { prismaEnv } from './build.mjs';
import { checkoutRoot, inCheckout } from './checkout.mjs';
import { findDatabase } from './find-database.mjs';
import { reportAndFail } from './plain-error.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { runInForeground } from './run-in-foreground.mjs';

/**
 * `npm run prisma -- migrate dev` and every other command of the Prisma CLI, without a download, on DATABASE_URL or the
 * database of a running `npm start`.
 */
async function main() {
  await prepareCheckout({ build: false });
  const url = await findDatabase().catch(() => undefined);
  const env = { ...prismaEnv, PRISMA_HIDE_UPDATE_MESSAGE: '1', ...(url && { DATABASE_URL: url }) };
  const cli = inCheckout('node_modules', 'prisma', 'build', 'index.js');
  process.exitCode = await runInForeground(cli, process.argv.slice(2), env, checkoutRoot);
}

main().catch(reportAndFail);
