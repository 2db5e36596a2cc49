import type { Container, ContainerSpec, Pod } from '@assay/sandbox';
import type { Go } from './harness/go.js';
import { within } from './harness/within.js';
import { PlatformFailure } from './platform-failure.js';

/** With a core for itself it is a tenth of a second. */
const BOOT_WITHIN_MS = 20_000;

/** A candidate's container whose node has booted and waits for its turn. It has run nothing of the candidate's. */
export class WarmServer {
  /** False once it has ended, or has been told to go. */
  isWaiting = true;
  /** What it has said: `w` when it waits, `g` when it goes. */
  private said = '';
  private listener: (() => void) | null = null;
  private readonly ended: Promise<false>;

  private constructor(private readonly container: Container) {
    this.ended = container.exited.then(() => {
      this.isWaiting = false;
      return false;
    });
    container.stdin.on('error', () => {});
    container.stdin.end();
    container.control?.on('data', (chunk: Buffer) => {
      this.said += chunk.toString('latin1');
      this.listener?.();
    });
  }

  /** Resolves once it waits; rejects with what is always a failure of ours. */
  static async start(pod: Pod, spec: ContainerSpec): Promise<WarmServer> {
    const server = new WarmServer(await pod.start(spec));
    if (await server.hasSaid('w')) return server;
    await server.container.kill();
    const tail = server.container.outputTail().slice(-500);
    throw new PlatformFailure(`node did not boot in the candidate's container: ${tail}`);
  }

  /** Has it run its program. Null when it had ended before it could: that is ours, and another can be started. */
  async go(go: Go): Promise<Container | null> {
    this.isWaiting = false;
    this.container.control?.end(JSON.stringify(go));
    if (await this.hasSaid('wg')) return this.container;
    await this.container.kill();
    return null;
  }

  /** Kills it, unused. */
  async end(): Promise<void> {
    this.isWaiting = false;
    await this.container.kill();
  }

  private async hasSaid(what: string): Promise<boolean> {
    const said = new Promise<true>((resolve) => {
      this.listener = () => {
        if (this.said === what) resolve(true);
      };
    });
    this.listener?.();
    return (await within(BOOT_WITHIN_MS, Promise.race([said, this.ended]))) ?? false;
  }
}
