import { createSetupLink, Database } from '@assay/db';
import { METRICS, runProcess } from '@assay/platform';
import { createRecruiterApi } from './recruiter-api.js';

/** For requests under way to end. */
const CLOSE_WITHIN_MS = 10_000;

await runProcess(
  'recruiter-api',
  () => CLOSE_WITHIN_MS,
  async (config, logger) => {
    const app = await createRecruiterApi(config, logger);
    await app.listen(config.recruiterPort, config.host);
    logger.info({ url: config.publicUrl }, 'recruiter API is up');
    // An empty system has nobody who could log in: whoever reads this log may make the first owner, once.
    const secret = await createSetupLink(app.get(Database));
    if (secret) logger.info(`set-up link: ${new URL(`/setup#${secret}`, config.publicUrl).href}`);
    return { metrics: app.get(METRICS), metricsPort: config.recruiterMetricsPort, close: () => app.close() };
  },
);
