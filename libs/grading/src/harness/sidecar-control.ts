import type { AskWorker } from './ask-worker.js';
import { CheckEnd } from './check-end.js';
import { portTaken, SIDECAR_PORTS, type SidecarChange, type StoppableSidecar } from './sidecar-access.js';

/** What a check may do to a sidecar whose data survive it. */
export interface SidecarControl {
  /** Ends it as its operator would; connections to it are refused from then on. */
  stop(): Promise<void>;
  /** SIGKILL to all of it. */
  kill(): Promise<void>;
  /** After `stop` or `kill`, with the data it had. Resolves once it accepts connections. */
  start(): Promise<void>;
  /** Its connections, old and new, stay open and silent. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** For the sidecar's tool: whoever connects while it is away could meet the candidate, and tell it the secret. */
export interface GuardedControl extends SidecarControl {
  /** Throws when the check has stopped or paused it. */
  demandRunning(): void;
}

export function createSidecarControl(ask: AskWorker, name: StoppableSidecar): GuardedControl {
  let state: 'running' | 'away' | 'paused' = 'running';
  const change = async (what: SidecarChange, from: typeof state, to: typeof state) => {
    if (state !== from) throw new Error(`${name}.${what}() of one that is ${state}`);
    if (to !== 'running') state = to;
    const { portTaken: isTaken } = await ask({ do: 'sidecar', name, change: what });
    if (isTaken) throw new CheckEnd('failed', portTaken(name, SIDECAR_PORTS[name]));
    state = to;
  };
  return {
    stop: () => change('stop', 'running', 'away'),
    kill: () => change('kill', 'running', 'away'),
    start: () => change('start', 'away', 'running'),
    pause: () => change('pause', 'running', 'paused'),
    resume: () => change('resume', 'paused', 'running'),
    demandRunning() {
      if (state !== 'running')
        throw new Error(`${name} is ${state}: the check must let it run before it asks it`);
    },
  };
}
