/** What the worker and the harness say to each other, one JSON document a line. */

/** Worker → harness. One at a time: the next `run` follows the last one's `result`. */
export type Command =
  | {
      type: 'run';
      name: string;
      /** Time for the check, from the moment the server accepts connections. */
      timeoutMs: number;
      startTimeoutMs: number;
      seed: string;
    }
  /** The server has ended: stop waiting for its port. Says nothing about a check that already runs. */
  | { type: 'server-ended' };

/** How a check ended as far as the checks process can see; the worker adds the kernel's facts. */
export interface CheckAnswer {
  type: 'result';
  name: string;
  verdict: 'passed' | 'failed' | 'timed_out' | 'not_listening';
  /** A plain sentence; null when passed. */
  message: string | null;
  expected: string | null;
  actual: string | null;
  /** Milliseconds of the check itself, without waiting for the server. */
  ms: number;
  /** A connection broke or was refused: the server may just be ending. */
  connectionLost: boolean;
}

/** Harness → worker. */
export type Message =
  | { type: 'ready'; checks: string[] }
  | CheckAnswer
  /** Our side is broken (a check file that does not load, a check that ends its process); no verdict may come of it. */
  | { type: 'broken'; reason: string };

/** Caps on the texts of an answer, in UTF-16 units. */
export const TEXT_CAPS = { message: 500, rendering: 500, reason: 2_000 } as const;

/** Worker thread of one check → harness. */
export type ThreadMessage =
  | { type: 'loaded'; checks: string[] }
  | { type: 'pending'; requests: string[] }
  | { type: 'ended'; outcome: CheckOutcome };

export type CheckOutcome = Pick<CheckAnswer, 'message' | 'expected' | 'actual' | 'connectionLost'> & {
  verdict: 'passed' | 'failed' | 'timed_out';
};
