import { closeOnSignal, createLogger, readConfigOrExit } from '@assay/platform';
import { createAssessmentApi } from './assessment-api.js';

const config = readConfigOrExit();
const logger = createLogger('assessment-api', config.logLevel);
const app = await createAssessmentApi(config, logger);
closeOnSignal(() => app.close(), logger);
await app.listen(config.assessmentPort, config.host);
logger.info({ url: config.candidateUrl }, 'assessment API is up');
