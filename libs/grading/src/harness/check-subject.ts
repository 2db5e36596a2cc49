import type { AskWorker } from './ask-worker.js';
import type { CompareSurroundings } from './compare.js';
import type { RunCommand, ThreadMessage } from './messages.js';

/** What a check looks at, through tools for a process that is started afresh: a server or a module. */
export interface CheckSubject<Tools> extends Pick<CompareSurroundings<Tools>, 'open' | 'close'> {
  /** The tools of the check itself. Before it begins, the candidate's process comes up, unless checks start it. */
  prepare(): Promise<Tools>;
}

export interface CheckSurroundings {
  command: RunCommand;
  ask: AskWorker;
  send(message: ThreadMessage): void;
  /** Keeps in mind what the check waits for, in case its time passes: the oldest request or call, null for none. */
  waitFor(what: string | null): void;
  /** Ends the check, wherever it is. */
  fail(error: unknown): void;
  /** Of the process under test, on the loopback. */
  port: number;
  solutionFolder: string;
}
