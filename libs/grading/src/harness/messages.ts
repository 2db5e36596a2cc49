import type { SidecarAccess, SidecarChange, StoppableSidecar } from './sidecar-access.js';

/** What the worker and the harness say to each other, one JSON document a line. */

/** What candidates hand in: a server to be spoken to, or a module whose exports are called. */
export type Mode = 'http' | 'function';

/** Whose files run: at any time those of one of them, and a fresh process for every start. */
export type Who = 'candidate' | 'reference';

/** How one check is run. */
export interface RunCommand {
  name: string;
  seed: string;
  mode: Mode;
  /** `harness`: it is started, and listens, before the check begins. */
  startedBy: 'harness' | 'check';
  startTimeoutMs: number;
  /** Time for the check, from `begin`. */
  timeoutMs: number;
  /** Null when the task has none. */
  sidecars: SidecarAccess | null;
  /** It judges speed: nothing of ours is made ready beside it. */
  quiet: boolean;
  /** How many servers run the solution, behind a balancer when there are several. */
  instances: number;
}

/** Worker → harness. First `load`, then one `run` at a time: the next follows the last one's `result`. */
export type Command =
  /** Names the check file, absolute or relative to the working folder: `ready`. */
  | { type: 'load'; checksFile: string }
  /** Readies a check, with its server up unless checks start it: `prepared`, or a `result` when it does not come up. */
  | ({ type: 'run' } & RunCommand)
  /** To the one that is `prepared`. */
  | { type: 'begin' }
  /** To the ask of that id. `refused` is what the check did wrong. */
  | { type: 'answer'; id: string; value: AskAnswer }
  | { type: 'answer'; id: string; refused: string };

export const SERVER_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2', 'SIGSTOP', 'SIGCONT'] as const;
export type ServerSignal = (typeof SERVER_SIGNALS)[number];

/** What a running check may ask of the worker, which alone holds containers. */
export type Ask = ServerAsk | SidecarAsk;

/** Which of a task's instances is meant: 1, 2, … Left out where there is one, and where all are meant. */
interface Instance {
  instance?: number | undefined;
}

export type ServerAsk = Instance &
  /** Only when none runs. `mayEnd`: whether it comes up, or ends, is for the check to judge. */
  (
    | { do: 'start'; who: Who; env: Record<string, string>; mayEnd: boolean }
    | { do: 'kill' }
    | { do: 'signal'; name: ServerSignal }
    /** `expected`: the check wants it to end, and judges that. */
    | { do: 'exit'; withinMs: number; expected: boolean }
    | { do: 'usage' }
    | { do: 'output' }
  );

export type SidecarAsk =
  /** Fresh ones, in the place of those that run; answered once they serve. Before the server that is to meet them. */
  | { do: 'sidecars' }
  /** What was stopped or killed is started on its data; answered once that is done. */
  | { do: 'sidecar'; name: StoppableSidecar; change: SidecarChange };

/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessEnd {
  code: number | null;
  signal: string | null;
}

export interface ProcessUsage {
  /** Memory of its own: heaps, buffers, stacks; not what files and other processes share with it. */
  rssAnonBytes: number;
  threads: number;
  processes: number;
}

/** What each ask is answered with. */
export interface AskAnswers {
  start: null;
  /** `crashed`: it had ended by itself already, and nobody had asked it to. */
  kill: { crashed: boolean };
  /** False when it had ended. */
  signal: boolean;
  /** Null when it still ran when the time was over. */
  exit: ProcessEnd | null;
  usage: ProcessUsage;
  /** At most 16 KiB. */
  output: string;
  sidecars: null;
  /** `portTaken`: it could not be started, since something else listens where it did. */
  sidecar: { portTaken: boolean };
}
export type AskAnswer = AskAnswers[keyof AskAnswers];

/** How a check ended as far as the checks process can see; the worker adds the kernel's facts. */
export interface CheckAnswer {
  type: 'result';
  name: string;
  /** `void`: our machine was not fit to judge; nothing may be concluded. */
  verdict: 'passed' | 'failed' | 'timed_out' | 'not_listening' | 'void';
  /** A plain sentence; null when passed. */
  message: string | null;
  expected: string | null;
  actual: string | null;
  /** Milliseconds of the check itself, without waiting for the server. */
  ms: number;
  /** A connection broke or was refused: the server may just be ending. */
  connectionLost: boolean;
  /** Whether the candidate's server, or module, was ready at least once. */
  cameUp: boolean;
}

/** Harness → worker. */
export type Message =
  | { type: 'ready'; checks: string[] }
  /** It waits for `begin`. */
  | { type: 'prepared'; name: string }
  /** Of the check that runs; ids are never used again. */
  | { type: 'ask'; id: string; ask: Ask }
  | CheckAnswer
  /** Our side is broken (a check file that does not load, a check that ends its process); no verdict may come of it. */
  | { type: 'broken'; reason: string };

/** Caps on the texts of an answer, in UTF-16 units. */
export const TEXT_CAPS = { message: 500, rendering: 500, reason: 2_000 } as const;

export type CheckOutcome = Pick<
  CheckAnswer,
  'verdict' | 'message' | 'expected' | 'actual' | 'connectionLost'
>;

/** Worker thread of one check → harness. */
export type ThreadMessage =
  | { type: 'loaded'; checks: string[] }
  /** It waits for `begin`. */
  | { type: 'prepared' }
  | { type: 'came-up' }
  /** The oldest request or call without an answer, whenever it is another one. */
  | { type: 'waiting-for'; what: string | null }
  | Extract<Message, { type: 'ask' }>
  | { type: 'ended'; outcome: CheckOutcome };

/** Harness → thread. */
export type ThreadCommand = Command;
