import { METRICS, runProcess } from '@assay/platform';
import { createAssessmentApi } from './assessment-api.js';

/** For requests under way to end. */
const CLOSE_WITHIN_MS = 10_000;

await runProcess(
  'assessment-api',
  () => CLOSE_WITHIN_MS,
  async (config, logger) => {
    const app = await createAssessmentApi(config, logger);
    await app.listen(config.assessmentPort, config.host);
    logger.info({ url: config.candidateUrl }, 'assessment API is up');
    return { metrics: app.get(METRICS), metricsPort: config.assessmentMetricsPort, close: () => app.close() };
  },
);
