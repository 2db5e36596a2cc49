import { Worker } from 'node:worker_threads';
import type { ThreadData } from './check-thread.js';
import { renderSeconds } from './http-problem.js';
import {
  type CheckAnswer,
  type CheckOutcome,
  type Command,
  type Message,
  type RunCommand,
  TEXT_CAPS,
  type ThreadMessage,
} from './messages.js';
import { safeText } from './safe-text.js';
import { within } from './within.js';

/** Our own side failed: no verdict may come of it. */
export class HarnessBroken extends Error {
  override name = 'HarnessBroken';
}

type LoadCommand = Extract<Command, { type: 'load' }>;
type AskMessage = Extract<Message, { type: 'ask' }>;

/** Young and old heap of one check's thread, MiB; its buffers are bounded by the HTTP client. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };
/** What the worker may take to start a container. */
const CONTAINER_START_MS = 30_000;

/** A thread that waits for its one check. */
class CheckThread {
  readonly loaded: Promise<string[]>;
  /** What the check asks of the worker goes here while it runs. */
  onAsk: ((message: AskMessage) => void) | null = null;
  /** The oldest request or call without an answer. */
  waitingFor: string | null = null;
  cameUp = false;
  private readonly worker: Worker;
  private readonly prepared: Promise<true>;
  private readonly ended: Promise<CheckOutcome>;

  constructor(data: ThreadData) {
    // stdout belongs to the protocol: what checks print goes to stderr.
    this.worker = new Worker(new URL('./check-thread.js', import.meta.url), {
      workerData: data,
      resourceLimits: THREAD_LIMITS,
      stdout: true,
      stderr: true,
    });
    this.worker.stdout.pipe(process.stderr, { end: false });
    this.worker.stderr.pipe(process.stderr, { end: false });

    const broken = new Promise<never>((_, reject) => {
      this.worker.once('error', (error) => reject(new HarnessBroken(error.stack ?? String(error))));
      this.worker.once('exit', (code) => reject(new HarnessBroken(`the check's thread ended with ${code}`)));
    });
    const heard = <T>(pick: (message: ThreadMessage) => T | undefined): Promise<T> => {
      const found = new Promise<T>((resolve) => {
        this.worker.on('message', (message: ThreadMessage) => {
          const picked = pick(message);
          if (picked !== undefined) resolve(picked);
        });
      });
      const settled = Promise.race([found, broken]);
      // Nobody may be waiting yet when a thread breaks.
      settled.catch(() => {});
      return settled;
    };
    this.loaded = heard((message) => (message.type === 'loaded' ? message.checks : undefined));
    this.prepared = heard((message) => (message.type === 'prepared' ? true : undefined));
    this.ended = heard((message) => (message.type === 'ended' ? message.outcome : undefined));
    this.worker.on('message', (message: ThreadMessage) => {
      if (message.type === 'waiting-for') this.waitingFor = message.what;
      if (message.type === 'came-up') this.cameUp = true;
      if (message.type === 'ask') this.onAsk?.(message);
    });
  }

  send(command: Command): void {
    this.worker.postMessage(command);
  }

  /** Null once the check waits for its beginning, its outcome when there is nothing to begin. */
  async preparing({ startTimeoutMs }: RunCommand): Promise<CheckOutcome | null> {
    const settled = Promise.race([this.prepared, this.ended]);
    // Once to listen, and once more for a module to say what it exports.
    const found = await within(CONTAINER_START_MS + 2 * startTimeoutMs, settled);
    if (found === null) throw new HarnessBroken('the check could not be started');
    return found === true ? null : found;
  }

  /** The outcome of the check that begins now, null when its time passed first, however busy the thread is. */
  async running({ timeoutMs }: RunCommand): Promise<CheckOutcome | null> {
    this.send({ type: 'begin' });
    return within(timeoutMs, this.ended);
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}

interface Running {
  thread: CheckThread;
  command: RunCommand;
}

/** Runs checks one after the other, each in a fresh thread that is loaded while the last one runs. */
export class CheckRunner {
  private next: CheckThread;
  private loading: LoadCommand | null = null;
  private running: Running | null = null;
  /** Of the last check. Its answer need not wait for that, only the next check must. */
  private lastStopped: Promise<void> = Promise.resolve();

  /** `ask` passes on what the running check asks of the worker. */
  constructor(
    private readonly data: ThreadData,
    private readonly ask: (message: AskMessage) => void,
  ) {
    this.next = new CheckThread(data);
  }

  /** Loads the check file and gives the names that it exports. Rejects with `HarnessBroken` when it does not load. */
  load(command: LoadCommand): Promise<string[]> {
    this.loading = command;
    this.next.send(command);
    return this.next.loaded;
  }

  /** Brings the worker's answer to the check that asked; when another runs by now, it does not know the id. */
  answer(command: Extract<Command, { type: 'answer' }>): void {
    this.running?.thread.send(command);
  }

  /** Rejects with `HarnessBroken`; everything that the solution under test can cause is an answer. */
  async prepare(command: RunCommand): Promise<Message> {
    const thread = this.next;
    await Promise.all([thread.loaded, this.lastStopped]);
    const running = { thread, command };
    this.running = running;
    const isNextLoaded = this.prepareNext();
    thread.onAsk = (message) => void this.passOn(message, isNextLoaded);
    thread.send({ type: 'run', ...command });
    const outcome = await thread.preparing(command);
    if (outcome) return this.finish(running, outcome, 0);
    if (command.quiet) await isNextLoaded;
    return { type: 'prepared', name: command.name };
  }

  /** Runs the check that is prepared; rejects as `prepare` does. */
  async begin(): Promise<CheckAnswer> {
    const { running } = this;
    if (!running) throw new HarnessBroken('there is no check to begin');
    const { thread, command } = running;
    const startedAtMs = performance.now();
    const outcome = await thread.running(command);
    const ms = Math.round(performance.now() - startedAtMs);
    return this.finish(running, outcome ?? overTime(command, thread.waitingFor), ms);
  }

  private prepareNext(): Promise<unknown> {
    this.next = new CheckThread(this.data);
    if (this.loading) this.next.send(this.loading);
    return this.next.loaded.catch(() => undefined); // whoever is to run it will hear of that
  }

  /** What is compared has the machine for itself. */
  private async passOn(message: AskMessage, isNextLoaded: Promise<unknown>): Promise<void> {
    if (message.ask.do === 'start' && message.ask.who === 'reference') await isNextLoaded;
    this.ask(message);
  }

  private finish({ thread, command }: Running, outcome: CheckOutcome, ms: number): CheckAnswer {
    // Asks are of a running check only: from here on nobody would answer.
    thread.onAsk = null;
    this.running = null;
    const { cameUp } = thread;
    this.lastStopped = thread.stop();
    return { type: 'result', name: command.name, ms, cameUp, ...outcome };
  }
}

function overTime({ timeoutMs }: RunCommand, waitingFor: string | null): CheckOutcome {
  const hint = waitingFor === null ? '' : ` It was waiting for the answer to ${waitingFor}.`;
  const message = `This check did not finish within ${renderSeconds(timeoutMs)}.${hint}`;
  return {
    verdict: 'timed_out',
    message: safeText(message, TEXT_CAPS.message),
    expected: null,
    actual: null,
    connectionLost: false,
  };
}
