import { buildPackages, generatePrismaClient } from './build.mjs';
import { inCheckout } from './checkout.mjs';
import { withLock } from './file-lock.mjs';
import { installPackages } from './install-packages.mjs';
import { say } from './progress.mjs';

/**
 * Brings everything the checkout itself holds up to date: npm packages, the Prisma client and, unless `build` is
 * false, the compiled packages. One command at a time: `npm start` and `npm test` may be typed at once.
 */
export const prepareCheckout = ({ build = true } = {}) =>
  withLock(
    inCheckout('.assay', 'checkout.lock'),
    () => say('… waiting for another command that prepares this checkout'),
    async () => {
      await installPackages();
      await generatePrismaClient();
      if (build) await buildPackages();
    },
  );
