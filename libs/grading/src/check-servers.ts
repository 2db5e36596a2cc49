import type { Container, Exit } from '@assay/sandbox';
import type { AskAnswer, CheckAnswer, ProcessEnd, ServerAsk, Who } from './harness/messages.js';
import { within } from './harness/within.js';
import { PlatformFailure } from './platform-failure.js';

/** A server whose connection broke may be ending: how long its own exit may take before we kill it. */
const EXIT_GRACE_MS = 2_000;
const OUTPUT_LENGTH = 16 * 1024;

/** A server of the candidate's as it ended, for the verdict. */
export interface EndedServer {
  /** `killed` when we ended it. */
  exit: Exit;
  /** What it printed last. */
  output: string;
  /** The check wanted it to end, or to judge whether it does. */
  endExpected: boolean;
}

interface Server {
  who: Who;
  container: Container;
  endExpected: boolean;
  /** Set once it has ended and that is ours to know. */
  ended: EndedServer | null;
}

/** What a check did wrong with its servers; the sentence is for its author. */
export class AskRefused extends Error {
  override name = 'AskRefused';
}

/**
 * The servers of one check, of which those of one of the two are alive at any time, one of each instance: so nothing of the reference
 * can be met by the candidate. What cannot be the candidate's doing rejects with `PlatformFailure` or `SandboxError`.
 */
export class CheckServers {
  /** The last of each instance. */
  private readonly servers = new Map<number, Server>();
  /** The candidate's that have ended, in order. */
  private readonly ended: EndedServer[] = [];
  /** From the moment a start of the reference is asked for until the reference has been killed. */
  private isReferenceTurn = false;
  /** Starts and kills, one after the other. */
  private changes: Promise<unknown> = Promise.resolve();

  /** `startContainer` starts a fresh server, which may still be coming up when it resolves. */
  constructor(
    private readonly startContainer: (
      who: Who,
      env: Readonly<Record<string, string>>,
      instance: number,
    ) => Promise<Container>,
  ) {}

  /** Answers what the check asks; rejects with `AskRefused` when it asks for what cannot be. */
  async answer(ask: ServerAsk): Promise<AskAnswer> {
    if (ask.do === 'start') return this.change(() => this.start(ask));
    if (ask.do === 'kill') return this.change(() => this.kill(ask.instance));
    await this.changes;
    const server = this.servers.get(ask.instance ?? 1);
    if (!server) throw new AskRefused(`no server was started that could be asked for ${ask.do}`);
    const { container } = server;
    switch (ask.do) {
      case 'signal':
        server.endExpected = true;
        return container.signal(ask.name);
      case 'exit':
        server.endExpected ||= ask.expected;
        return exitWithin(container, ask.withinMs);
      case 'usage':
        return container.usage();
      case 'output':
        return container.outputTail().slice(-OUTPUT_LENGTH);
    }
  }

  /**
   * Ends what still runs once the check has ended, and gives all servers of the candidate's that ran, in order. When the
   * check lost its connection, the server's own end is waited for: a socket closes a moment before its process can be
   * seen to have ended, and a kill in between would hide the cause.
   */
  async end({ verdict, message, connectionLost }: CheckAnswer): Promise<readonly EndedServer[]> {
    await this.changes;
    if (verdict !== 'passed' && this.isReferenceTurn)
      throw new PlatformFailure(`the check ended while the reference ran: ${message}`);
    const running = [...this.servers.values()].filter((server) => !server.ended);
    if (connectionLost)
      await Promise.all(running.map(({ container }) => exitWithin(container, EXIT_GRACE_MS)));
    await this.kill();
    return this.ended;
  }

  private change<T>(make: () => Promise<T>): Promise<T> {
    const made = this.changes.then(make);
    this.changes = made.catch(() => undefined);
    return made;
  }

  private async start({
    who,
    env,
    mayEnd,
    instance = 1,
  }: Extract<ServerAsk, { do: 'start' }>): Promise<null> {
    for (const [number, server] of this.servers) {
      const isInTheWay = number === instance || server.who !== who;
      if (isInTheWay && !server.ended && !(await hasEnded(server.container)))
        throw new AskRefused('a server runs already');
      if (isInTheWay) await this.kill(number); // one that ended by itself has not been taken note of yet
    }
    this.isReferenceTurn = who === 'reference';
    const container = await this.startContainer(who, env, instance);
    container.stdin.on('error', () => {});
    container.stdin.end();
    this.servers.set(instance, { who, container, endExpected: mayEnd, ended: null });
    return null;
  }

  /** One instance, or all. */
  private async kill(instance?: number): Promise<{ crashed: boolean }> {
    const meant = [...this.servers].filter(([number]) => instance === undefined || number === instance);
    let crashed = false;
    for (const [, server] of meant) if (!server.ended) crashed = (await this.killServer(server)) || crashed;
    return { crashed };
  }

  /** Whether it had ended already although nobody wanted that. */
  private async killServer(server: Server): Promise<boolean> {
    const { container, endExpected } = server;
    // Nobody here has killed it yet: the machine did, for want of memory that this container did not use up.
    if ((await hasEnded(container))?.cause === 'killed')
      throw new PlatformFailure('the machine ended the server under test');
    const exit = await container.kill();
    server.ended = { exit, output: container.outputTail(), endExpected };
    const wasStopped = !['exited', 'killed'].includes(exit.cause); // for what it used up
    const crashed = wasStopped || endedByItself(server.ended);
    if (server.who === 'candidate') this.ended.push(server.ended);
    else if (crashed)
      throw new PlatformFailure(`the reference ended by itself (${exit.signal ?? exit.code})`);
    else
      this.isReferenceTurn = [...this.servers.values()].some(
        ({ who, ended }) => who === 'reference' && !ended,
      );
    return crashed;
  }
}

/** Whether its process ended of itself although nobody wanted it to. */
export function endedByItself({ exit, endExpected }: EndedServer): boolean {
  // Another status than our SIGKILL's shows that it had ended by itself when we came to kill it.
  const hadEnded = exit.code !== null || (exit.signal !== null && exit.signal !== 'SIGKILL');
  return !endExpected && (exit.cause === 'exited' || (exit.cause === 'killed' && hadEnded));
}

const hasEnded = (container: Container): Promise<Exit | null> =>
  Promise.race([container.exited, Promise.resolve(null)]);

async function exitWithin(container: Container, limitMs: number): Promise<ProcessEnd | null> {
  const exit = await within(limitMs, container.exited);
  return exit && { code: exit.code, signal: exit.signal };
}
