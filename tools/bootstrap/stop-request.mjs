/**
 * Ctrl-C and its like, as an AbortSignal: whatever runs or waits at that moment ends, and the command then puts away
 * what it started. Only the first one counts: npm passes a Ctrl-C on that the terminal has delivered already.
 */
const controller = new AbortController();

/** Aborted once the command was asked to end; `reason.signal` names the signal. */
export const stopRequest = controller.signal;

/** Why work was given up: somebody asked for it. */
class StopRequested extends Error {
  name = 'AbortError';
  constructor(signal) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }
}

/** From now on these signals ask the command to end, instead of ending it. */
export function listenForStopRequest() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => controller.abort(new StopRequested(signal)));
  }
}

/** Whether an error only says that a stop was asked for. */
export const isStop = (error) => error?.name === 'AbortError' && stopRequest.aborted;

/** The exit status a shell expects from a command that a signal ended. */
export const stopStatus = () => (stopRequest.reason.signal === 'SIGINT' ? 130 : 143);
