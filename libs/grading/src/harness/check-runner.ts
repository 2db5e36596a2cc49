import { Worker } from 'node:worker_threads';
import type { ThreadCommand, ThreadData } from './check-thread.js';
import { renderSeconds } from './http-problem.js';
import { type CheckAnswer, type CheckOutcome, TEXT_CAPS, type ThreadMessage } from './messages.js';
import { safeText } from './safe-text.js';

/** Our own side failed: no verdict may come of it. */
export class HarnessBroken extends Error {
  override name = 'HarnessBroken';
}

/** Young and old heap of one check's thread, MiB; its buffers are bounded by the HTTP client. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

/** A loaded thread that waits for its one check. */
class CheckThread {
  readonly loaded: Promise<string[]>;
  private readonly worker: Worker;
  private readonly ended: Promise<CheckOutcome>;
  private pending: string[] = [];

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
    this.ended = heard((message) => (message.type === 'ended' ? message.outcome : undefined));
    this.worker.on('message', (message: ThreadMessage) => {
      if (message.type === 'pending') this.pending = message.requests;
    });
  }

  /** The check's outcome; null when `timeoutMs` passed first, however busy the thread is. */
  async run(command: ThreadCommand, timeoutMs: number): Promise<CheckOutcome | null> {
    this.worker.postMessage(command);
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), timeoutMs);
    });
    try {
      return await Promise.race([this.ended, timeUp]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The oldest request without an answer. */
  get waitingFor(): string | null {
    return this.pending[0] ?? null;
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Runs checks one after the other, each in a fresh thread that was loaded while the last one ran. */
export class CheckRunner {
  private next: CheckThread;

  constructor(private readonly data: ThreadData) {
    this.next = new CheckThread(data);
  }

  /** The names that the check file exports. Rejects with `HarnessBroken` when it does not load. */
  names(): Promise<string[]> {
    return this.next.loaded;
  }

  /** Rejects with `HarnessBroken`; everything that the server under test can cause is an answer. */
  async run(name: string, seed: string, timeoutMs: number): Promise<CheckAnswer> {
    const thread = this.next;
    await thread.loaded;
    const startedAt = performance.now();
    const outcome = await thread.run({ name, seed }, timeoutMs);
    const ms = Math.round(performance.now() - startedAt);
    const { waitingFor } = thread;
    this.next = new CheckThread(this.data);
    await thread.stop();
    if (outcome !== null) return { type: 'result', name, ms, ...outcome };

    const hint = waitingFor === null ? '' : ` It was waiting for the answer to ${waitingFor}.`;
    const message = `This check did not finish within ${renderSeconds(timeoutMs)}.${hint}`;
    return {
      type: 'result',
      name,
      verdict: 'timed_out',
      message: safeText(message, TEXT_CAPS.message),
      expected: null,
      actual: null,
      ms,
      connectionLost: false,
    };
  }
}
