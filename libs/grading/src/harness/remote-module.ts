import { once } from 'node:events';
import net from 'node:net';
import { Peer } from './remote-peer.js';
import { moduleProblem } from './remote-problem.js';
import { LocalSource } from './remote-values.js';

/** What a check gets as `module`: the candidate's module, which runs in another process. */
export interface ModuleClient {
  /** The names of its exports. */
  readonly exports: readonly string[];
  /**
   * Calls an export. Settles as the export does (a synchronous return resolves, a synchronous throw rejects), and rejects
   * with `ModuleProblem` for everything that the module's process can do to us. Never an unhandled rejection.
   */
  call(name: string, ...args: unknown[]): Promise<unknown>;
  /** An argument that is made in the module's process by evaluating this expression there. The candidate can read it. */
  local(source: string): object;
  /** How many listeners for `abort` the module has on its own of this signal, which must have been passed to it. */
  listeners(signal: AbortSignal): Promise<number>;
  /**
   * Resolves when both sides have nothing left to say: everything that was sent has been handled, and the module's
   * process has since been through several turns of its event loop without calling or answering.
   */
  settle(): Promise<void>;
  /** Ends the conversation; the module's process stays. */
  close(): void;
}

export interface ModuleClientOptions {
  /** Hears of the unanswered calls of exports whenever they change. */
  onPending?: (calls: string[]) => void;
  /** Hears once when the conversation ends otherwise than by `close`; nothing more will arrive then. */
  onProblem?: (problem: unknown) => void;
}

type Callable = (...args: unknown[]) => Promise<unknown>;

const turnOfTheLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } catch {
    throw moduleProblem.refused();
  }
  return socket;
}

/** Everything in `answer` may be forged. */
function readExports(answer: unknown): Map<string, Callable | null> {
  const exported = new Map<string, Callable | null>();
  if (!Array.isArray(answer)) throw moduleProblem.unreadable('exports that are no list');
  for (const entry of answer as unknown[]) {
    const [name, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof name !== 'string') throw moduleProblem.unreadable('an export without a name');
    exported.set(name, typeof value === 'function' ? (value as Callable) : null); // stand-ins return promises
  }
  return exported;
}

/**
 * Connects to remote-shim.js, which must listen on that port of the loopback. One connection for the life of the module's
 * process. Rejects with `ModuleProblem`.
 */
export async function connectModule(port: number, options: ModuleClientOptions = {}): Promise<ModuleClient> {
  const { onPending = () => {}, onProblem = () => {} } = options;
  let isClosed = false;
  const peer = new Peer(await connect(port), null, (reason) => {
    if (!isClosed) onProblem(reason);
  });
  const exported = readExports(await peer.ask({ type: 'ask', what: 'exports' }));

  const pending: string[] = [];
  const call = async (name: string, args: unknown[]): Promise<unknown> => {
    const target = exported.get(name);
    if (target == null) throw moduleProblem.notExported(name);
    const label = `${name}(…)`;
    pending.push(label);
    onPending([...pending]);
    try {
      return await target(...args);
    } finally {
      pending.splice(pending.indexOf(label), 1);
      onPending([...pending]);
    }
  };

  return {
    exports: [...exported.keys()],
    call: (name, ...args) => {
      const answer = call(name, args);
      // A check may look at it later; until then it is not unhandled.
      answer.catch(() => {});
      return answer;
    },
    local: (source) => new LocalSource(source),
    listeners: async (signal) => {
      const on = peer.codec.givenId(signal);
      if (on === undefined)
        throw new TypeError('module.listeners takes a signal that was passed to the module');
      const count = await peer.ask({ type: 'ask', what: 'listeners', on });
      if (!Number.isSafeInteger(count)) throw moduleProblem.unreadable('a count that is no number');
      return count as number; // a whole number is one
    },
    settle: async () => {
      for (;;) {
        const before = peer.traffic;
        // What has just settled here is sent within these turns, before the question.
        await turnOfTheLoop();
        await turnOfTheLoop();
        await peer.ask({ type: 'ask', what: 'settle' });
        await turnOfTheLoop();
        if (peer.traffic === before) return;
      }
    },
    close: () => {
      isClosed = true;
      peer.end(moduleProblem.closed());
    },
  };
}
