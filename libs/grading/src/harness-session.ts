import type { Container } from '@assay/sandbox';
import { AskRefused } from './check-servers.js';
import type { Ask, AskAnswer, CheckAnswer, Command, Message, RunCommand } from './harness/messages.js';
import { safeText } from './harness/safe-text.js';
import { within } from './harness/within.js';
import { parseMessage } from './harness-message.js';
import { PlatformFailure } from './platform-failure.js';

const READY_TIMEOUT_MS = 20_000;
/** Beyond what the harness itself allows a check; more means that the harness hangs. */
const ANSWER_GRACE_MS = 40_000;
const MAX_LINE_LENGTH = 64 * 1024;

interface Expectation {
  types: readonly Message['type'][];
  resolve(message: Message): void;
}

/** Answers what the check that runs asks; rejects with `AskRefused`, or with what is a failure of ours. */
export type AnswerAsk = (ask: Ask) => Promise<AskAnswer>;

/** Our end of the conversation with the harness in its container. Every deviation is a `PlatformFailure`. */
export class HarnessSession {
  private expectation: Expectation | null = null;
  /** Set while a check is prepared or runs. */
  private answerAsk: AnswerAsk | null = null;
  private buffered = '';
  private breach!: (failure: unknown) => void;
  private readonly broken: Promise<never>;
  private readonly ready: Promise<void>;

  /**
   * Has the harness load a check file, given relative to its folder. `expected`: the names that the task's manifest
   * gives, in any order.
   */
  constructor(
    private readonly container: Container,
    expected: readonly string[],
    checksFile: string,
  ) {
    this.broken = new Promise<never>((_, reject) => {
      this.breach = reject;
    });
    this.broken.catch(() => {});
    // Writing to a process that has just ended is told by `exited`; the stream's error says nothing more.
    container.stdin.on('error', () => {});
    container.stdout.setEncoding('utf8');
    container.stdout.on('data', (chunk: string) => this.take(chunk));
    void container.exited.then(({ cause, code, signal }) => {
      const tail = safeText(container.outputTail().slice(-1_000), 1_000);
      this.breach(new PlatformFailure(`the checks process ended (${cause}, ${signal ?? code}): ${tail}`));
    });
    this.send({ type: 'load', checksFile });
    this.ready = this.receive(['ready'], READY_TIMEOUT_MS).then(({ checks }) =>
      compareNames(checks, expected, checksFile),
    );
    this.ready.catch(() => {});
  }

  /**
   * Readies a check, whose asks `answerAsk` answers until its result is there. Gives null once it waits for `begin`, and
   * its result when the server, or module, did not come up.
   */
  async prepare(command: RunCommand, answerAsk: AnswerAsk): Promise<CheckAnswer | null> {
    await this.ready;
    this.answerAsk = answerAsk;
    this.send({ type: 'run', ...command });
    // Once to listen, and once more for a module to say what it exports.
    const limitMs = 2 * command.startTimeoutMs + ANSWER_GRACE_MS;
    const answer = await this.receive(['prepared', 'result'], limitMs);
    demandName(answer, command);
    return answer.type === 'result' ? answer : null;
  }

  /** Runs the check that was prepared last. */
  async begin(command: RunCommand): Promise<CheckAnswer> {
    this.send({ type: 'begin' });
    const answer = await this.receive(['result'], command.timeoutMs + ANSWER_GRACE_MS);
    demandName(answer, command);
    return answer;
  }

  private send(command: Command): void {
    this.container.stdin.write(`${JSON.stringify(command)}\n`);
  }

  private async receive<T extends Message['type']>(
    types: readonly T[],
    timeoutMs: number,
  ): Promise<Extract<Message, { type: T }>> {
    const message = new Promise<Message>((resolve) => {
      this.expectation = { types, resolve };
    });
    try {
      const received = await within(timeoutMs, Promise.race([message, this.broken]));
      if (received === null) throw new PlatformFailure('the checks process did not answer in time');
      return received as Extract<Message, { type: T }>; // handle() resolves only with the expected types
    } finally {
      this.expectation = null;
    }
  }

  private take(chunk: string): void {
    const lines = (this.buffered + chunk).split('\n');
    this.buffered = lines.pop() ?? '';
    for (const line of lines) this.handle(line);
    if (this.buffered.length > MAX_LINE_LENGTH) {
      this.breach(new PlatformFailure('the checks process sent a line without end'));
      this.buffered = '';
    }
  }

  private handle(line: string): void {
    const message = parseMessage(line);
    if (message === null) {
      this.breach(new PlatformFailure(`the checks process broke its protocol: ${safeText(line, 200)}`));
    } else if (message.type === 'broken') {
      this.breach(new PlatformFailure(`the checks are broken: ${message.reason}`));
    } else if (message.type === 'ask' && this.answerAsk) {
      void this.answer(message.id, this.answerAsk(message.ask));
    } else if (!this.expectation?.types.includes(message.type)) {
      this.breach(new PlatformFailure(`the checks process sent ${message.type} without being asked`));
    } else {
      this.expectation.resolve(message);
      this.expectation = null;
      if (message.type === 'result') this.answerAsk = null;
    }
  }

  /** An answer that comes after the check's end finds nobody who waits for it. */
  private async answer(id: string, answering: Promise<AskAnswer>): Promise<void> {
    try {
      this.send({ type: 'answer', id, value: await answering });
    } catch (error) {
      if (error instanceof AskRefused) this.send({ type: 'answer', id, refused: error.message });
      else this.breach(error);
    }
  }
}

function demandName({ name }: { name: string }, command: RunCommand): void {
  if (name !== command.name)
    throw new PlatformFailure(`the checks process answered ${name} when asked for ${command.name}`);
}

function compareNames(found: readonly string[], expected: readonly string[], checksFile: string): void {
  const only = (list: readonly string[], other: readonly string[]) =>
    list.filter((name) => !other.includes(name));
  const undeclared = only(found, expected);
  const missing = only(expected, found);
  if (undeclared.length === 0 && missing.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`only task.yaml has ${missing.join(', ')}`] : []),
    ...(undeclared.length > 0 ? [`only ${checksFile} has ${undeclared.join(', ')}`] : []),
  ];
  throw new PlatformFailure(`task.yaml and ${checksFile} disagree on the checks: ${parts.join('; ')}`);
}
