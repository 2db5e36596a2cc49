const PROGRAM = `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  setFlagsFromString('--expose-gc');
  setInterval(runInNewContext('gc'), 200).unref();`;

/**
 * Has a server's node collect garbage all the time: what has been thrown away would otherwise lie about for thousands of
 * requests, buffers above all, and look as if it were kept.
 */
export const COLLECTING_GARBAGE = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(PROGRAM)}`,
};
