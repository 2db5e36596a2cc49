import { Buffer } from 'node:buffer';
import type { Socket } from 'node:net';
import { LineReader } from './remote-lines.js';
import { moduleProblem, REMOTE_CAPS } from './remote-problem.js';
import { type OtherSide, ValueCodec } from './remote-values.js';
import { parseMessage, type RemoteMessage, type RemoteRequest, type StepMethod } from './remote-wire.js';

export type Ask = Extract<RemoteRequest, { type: 'ask' }>;

/** What a side may do for the other one that not both do: the module's process has this, the check has not. */
export interface ModuleSide {
  /** The value of the source of a `LocalSource`. */
  evaluate(source: string): unknown;
  answer(ask: Ask, codec: ValueCodec): Promise<unknown>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
  isAsk: boolean;
}

/** What an iterator said, made plain; anything but an object is passed on for its reader to complain of. */
function plainResult(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const { done, value } = result as Partial<IteratorResult<unknown, unknown>>; // any object may have them
  return { done: Boolean(done), value };
}

/** Throws `RangeError` when it is too long for the other side. */
function lineOf(message: RemoteMessage): string {
  const line = `${JSON.stringify(message)}\n`;
  if (Buffer.byteLength(line) <= REMOTE_CAPS.lineBytes) return line;
  throw new RangeError('A value is too large to pass between a module and its check');
}

/**
 * One end of the conversation between a check and the process of a module. Both ends call functions, iterate and hear of
 * aborts alike; only the check asks, and only the check distrusts: it has no `moduleSide`.
 */
export class Peer implements OtherSide {
  /** Messages in both directions, without asking and its answers. */
  traffic = 0;
  readonly codec: ValueCodec;
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  private readonly iterators = new Map<number, AsyncIterator<unknown>>();
  private readonly lines: LineReader;
  private readonly capped: boolean;
  private messages = 0;
  private openCalls = 0;
  private ended: { reason: unknown } | null = null;

  /** `onEnd` hears once why the conversation is over. */
  constructor(
    private readonly socket: Socket,
    private readonly moduleSide: ModuleSide | null,
    private readonly onEnd: (reason: unknown) => void,
  ) {
    this.capped = moduleSide === null;
    this.codec = new ValueCodec(this, moduleSide?.evaluate ?? null);
    this.lines = new LineReader(this.capped);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    // A close follows every error and says what matters.
    socket.on('error', () => {});
    socket.on('close', () => this.end(moduleProblem.lost()));
  }

  /** Handles what has arrived. */
  take(chunk: Buffer): void {
    try {
      for (const line of this.lines.take(chunk)) {
        if (this.ended !== null) return;
        this.handle(parseMessage(line));
      }
    } catch (error) {
      this.end(error);
    }
  }

  /** Ends the conversation for that reason. */
  end(reason: unknown): void {
    if (this.ended !== null) return;
    this.ended = { reason };
    this.socket.destroy();
    for (const { reject } of this.waiting.values()) this.rejectFor(reason, reject);
    this.waiting.clear();
    this.onEnd(reason);
  }

  private rejectFor(reason: unknown, reject: Waiting['reject']): void {
    // The check is over for the module: its calls stay open, since their rejections could only do harm there.
    if (this.capped) reject(reason);
  }

  ask(ask: Ask): Promise<unknown> {
    return this.request(() => ask);
  }

  call(on: number, args: unknown[]): Promise<unknown> {
    return this.request(() => ({ type: 'call', on, args: args.map((arg) => this.codec.encode(arg)) }));
  }

  iterate(on: number): AsyncIterator<unknown> {
    const id = this.nextId++;
    this.send({ type: 'iterate', id, on });
    const step =
      (method: StepMethod) =>
      (...args: unknown[]) =>
        this.request(() => ({
          type: 'step',
          on: id,
          method,
          args: args.map((arg) => this.codec.encode(arg)),
        })) as Promise<IteratorResult<unknown>>; // for await checks it itself
    const iterator = { next: step('next'), return: step('return'), throw: step('throw') };
    return Object.assign(iterator, { [Symbol.asyncIterator]: () => iterator });
  }

  aborted(on: number, reason: unknown): void {
    this.send({ type: 'abort', on, reason: this.codec.encodeThrown(reason) });
  }

  /** Rejects, and throws nothing, when the request cannot be encoded. */
  private request(encode: () => RemoteRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.ended !== null) return this.rejectFor(this.ended.reason, reject);
      const request = encode();
      const id = this.nextId++;
      const line = lineOf({ ...request, id });
      this.waiting.set(id, { resolve, reject, isAsk: request.type === 'ask' });
      this.write(line, request.type);
    });
  }

  private send(message: RemoteMessage): void {
    this.write(lineOf(message), message.type);
  }

  private write(line: string, type: RemoteMessage['type']): void {
    if (this.ended !== null) return;
    if (type !== 'ask') this.traffic += 1;
    this.socket.write(line);
    if (this.capped && this.socket.writableLength > REMOTE_CAPS.unreadBytes)
      this.end(moduleProblem.notReading());
  }

  private handle(message: RemoteMessage): void {
    this.messages += 1;
    if (this.capped && this.messages > REMOTE_CAPS.messages) throw moduleProblem.tooManyMessages();
    switch (message.type) {
      case 'call': {
        const fn = this.codec.givenFunction(message.on);
        const args = message.args.map((arg) => this.codec.decode(arg));
        this.traffic += 1;
        this.answer(message.id, async () => fn(...args));
        break;
      }
      case 'iterate':
        this.traffic += 1;
        this.openIterator(message.id, this.codec.givenIterable(message.on));
        break;
      case 'step': {
        const args = message.args.map((arg) => this.codec.decode(arg));
        this.traffic += 1;
        this.step(message, args);
        break;
      }
      case 'abort':
        this.traffic += 1;
        this.codec.abort(message.on, this.codec.decode(message.reason));
        break;
      case 'returned':
      case 'threw':
        this.settle(message);
        break;
      case 'ask':
        this.answerAsk(message);
    }
  }

  private settle({ type, id, value }: Extract<RemoteMessage, { type: 'returned' | 'threw' }>): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) throw moduleProblem.unreadable('an answer to no call');
    const decoded = this.codec.decode(value);
    this.waiting.delete(id);
    if (!waiting.isAsk) this.traffic += 1;
    if (type === 'returned') waiting.resolve(decoded);
    else waiting.reject(decoded);
  }

  private openIterator(id: number, iterable: AsyncIterable<unknown>): void {
    if (this.iterators.has(id)) throw moduleProblem.unreadable('an iterator that has begun already');
    if (this.capped && this.iterators.size >= REMOTE_CAPS.handles) throw moduleProblem.tooManyHandles();
    try {
      this.iterators.set(id, iterable[Symbol.asyncIterator]());
    } catch (error) {
      // The other side has its iterator already: it hears of this when it asks for an item.
      this.iterators.set(id, {
        next: async () => {
          throw error;
        },
      });
    }
  }

  private step({ id, on, method }: Extract<RemoteMessage, { type: 'step' }>, args: unknown[]): void {
    const iterator = this.iterators.get(on);
    if (iterator === undefined) throw moduleProblem.unreadable('a step of no iterator');
    this.answer(id, async () => {
      const [first] = args;
      const { [method]: take } = iterator;
      if (take !== undefined) return plainResult(await take.apply(iterator, args as [unknown])); // as many as were sent
      if (method === 'throw') throw first;
      return { done: true, value: first };
    });
  }

  private answerAsk(message: Extract<RemoteMessage, { type: 'ask' }>): void {
    const { moduleSide } = this;
    if (moduleSide === null) throw moduleProblem.unreadable('a question to the check');
    this.answer(message.id, () => moduleSide.answer(message, this.codec));
  }

  private answer(id: number, run: () => Promise<unknown>): void {
    this.settleWith(id, run).catch((error: unknown) => this.end(error));
  }

  private async settleWith(id: number, run: () => Promise<unknown>): Promise<void> {
    this.openCalls += 1;
    if (this.capped && this.openCalls > REMOTE_CAPS.openCalls) throw moduleProblem.tooManyCalls();
    try {
      const value = await run();
      this.send({ type: 'returned', id, value: this.codec.encode(value) });
    } catch (error) {
      // Also when the value cannot be sent: then this is what its caller hears.
      this.send({ type: 'threw', id, value: this.codec.encodeThrown(error) });
    }
    this.openCalls -= 1;
  }
}
