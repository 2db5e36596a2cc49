import { runProcess } from '@assay/platform';
import { startGradingWorker } from './grading-worker.js';

/** For sandboxes to end and what they graded to be handed back, after the time that it may take to end by itself. */
const HAND_BACK_WITHIN_MS = 10_000;

await runProcess('grading-worker', ({ drainMs }) => drainMs + HAND_BACK_WITHIN_MS, startGradingWorker);
