import { CheckEnd } from './check-end.js';
import type { CheckSurroundings } from './check-subject.js';
import { renderSeconds } from './http-problem.js';
import type { Mode, ProcessEnd, ProcessUsage, ServerSignal, Who } from './messages.js';
import { waitForPort } from './wait-for-port.js';

/** A process under test, held by the worker and seen from outside. */
export interface ServerTool {
  /**
   * Starts a fresh server; only when none runs. `env` is added to PORT. Rejects with a `CheckEnd` when it does not
   * accept connections in time, unless `waitUntilListening` is false: then whether it comes up is for the check to judge.
   */
  start(options?: { env?: Record<string, string>; waitUntilListening?: boolean }): Promise<void>;
  /** Kill, then start. */
  restart(options?: { env?: Record<string, string> }): Promise<void>;
  /** SIGKILL to everything it runs. */
  kill(): Promise<void>;
  /** To the main process alone; false when it has ended. */
  signal(name: ServerSignal): Promise<boolean>;
  /** How it ended, by itself or by a signal; null when it still runs after `withinMs`. */
  exit(options: { withinMs: number }): Promise<ProcessEnd | null>;
  usage(): Promise<ProcessUsage>;
  /** stdout and stderr, the last 16 KiB. */
  output(): Promise<string>;
}

/** The servers of one of the two, candidate or reference, on `port`; of one instance where the task has several. */
export function createServerTool(
  { ask, send, command }: Pick<CheckSurroundings, 'ask' | 'send' | 'command'>,
  who: Who,
  port: number,
  instance?: number,
): ServerTool {
  const { mode, startTimeoutMs } = command;
  const listens = async (): Promise<boolean> => {
    const given = new AbortController();
    // One that has ended is not waited for. Should it be asked too late, the waiting ends by itself.
    const ended = ask({ do: 'exit', instance, withinMs: startTimeoutMs, expected: false });
    void ended.then(
      (end) => end && given.abort(),
      () => given.abort(),
    );
    return waitForPort(port, startTimeoutMs, given.signal);
  };
  const start: ServerTool['start'] = async ({ env = {}, waitUntilListening = true } = {}) => {
    await ask({ do: 'start', instance, who, env, mayEnd: !waitUntilListening });
    if (!waitUntilListening) return;
    if (!(await listens())) throw didNotComeUp(mode, port, startTimeoutMs);
    if (who === 'candidate') send({ type: 'came-up' });
  };
  const kill = async () => void (await ask({ do: 'kill', instance }));
  return {
    start,
    kill,
    async restart(options) {
      await kill();
      await start(options);
    },
    signal: (name) => ask({ do: 'signal', instance, name }),
    exit: ({ withinMs }) => ask({ do: 'exit', instance, withinMs, expected: true }),
    usage: () => ask({ do: 'usage', instance }),
    output: () => ask({ do: 'output', instance }),
  };
}

export function didNotComeUp(mode: Mode, port: number, startTimeoutMs: number): CheckEnd {
  const what = mode === 'http' ? `server did not listen on port ${port}` : 'module did not load';
  const message = `Your ${what} within ${renderSeconds(startTimeoutMs)}.`;
  return new CheckEnd('not_listening', message, { connectionLost: true });
}
