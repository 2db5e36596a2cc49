import { closeOnSignal, createLogger, readConfigOrExit } from '@assay/platform';
import { startGradingWorker } from './grading-worker.js';

const config = readConfigOrExit();
const logger = createLogger('grading-worker', config.logLevel);
const stop = await startGradingWorker(config, logger);
closeOnSignal(stop, logger);
