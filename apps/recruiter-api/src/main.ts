import { createSetupLink, Database } from '@assay/db';
import { closeOnSignal, createLogger, readConfigOrExit } from '@assay/platform';
import { createRecruiterApi } from './recruiter-api.js';

const config = readConfigOrExit();
const logger = createLogger('recruiter-api', config.logLevel);
const app = await createRecruiterApi(config, logger);
closeOnSignal(() => app.close(), logger);
await app.listen(config.recruiterPort, config.host);
logger.info({ url: config.publicUrl }, 'recruiter API is up');

// An empty system has nobody who could log in: whoever reads this log may make the first owner, once.
const secret = await createSetupLink(app.get(Database));
if (secret) logger.info(`set-up link: ${new URL(`/setup#${secret}`, config.publicUrl).href}`);
