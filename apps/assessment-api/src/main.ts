import { Database } from '@assay/db';
import { METRICS, runProcess } from '@assay/platform';
import { createAssessmentApi } from './assessment-api.js';
import { SignsOfLife } from './signs-of-life.js';

/** For requests under way to end. */
const CLOSE_WITHIN_MS = 10_000;

await runProcess(
  'assessment-api',
  () => CLOSE_WITHIN_MS,
  async (config, logger) => {
    const app = await createAssessmentApi(config, logger);
    const signs = new SignsOfLife(app.get(Database), logger);
    // Before the first request: whoever comes back after an outage is to find it known.
    await signs.start();
    await app.listen(config.assessmentPort, config.host);
    logger.info({ url: config.candidateUrl }, 'assessment API is up');
    return {
      metrics: app.get(METRICS),
      metricsPort: config.assessmentMetricsPort,
      close: async () => {
        await signs.stop();
        await app.close();
      },
    };
  },
);
