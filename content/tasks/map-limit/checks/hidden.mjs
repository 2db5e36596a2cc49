import cancelling from './cancelling.mjs';
import failures from './failures.mjs';
import results from './results.mjs';
import running from './running.mjs';
import sources from './sources.mjs';
import speed from './speed.mjs';

export default { ...results, ...running, ...failures, ...cancelling, ...sources, ...speed };
