import type { Container, ContainerSpec, Limits, Pod } from '@assay/sandbox';
import { safeText } from '../harness/safe-text.js';
import type { SidecarChange, SidecarName } from '../harness/sidecar-access.js';
import { within } from '../harness/within.js';
import { PlatformFailure } from '../platform-failure.js';
import { type Exhaustion, exhaustionOf } from './exhaustion.js';

/** Far more than any of them takes, on a busy machine too. */
const ANSWER_WITHIN_MS = 20_000;

/** What has come of what a sidecar was told. `taken`: its port was, so that it has ended. */
type Report = 'ready' | 'taken' | 'ended' | 'paused' | 'resumed';
/** Reported unasked, by one that may go on nevertheless. */
const DISK_FULL = 'full';

const EXPECTED: Readonly<Record<SidecarChange, readonly Report[]>> = {
  start: ['ready', 'taken'],
  stop: ['ended'],
  kill: ['ended'],
  pause: ['paused'],
  resume: ['resumed'],
};

/**
 * One sidecar in its container. It is told on stdin what to do, a word a line, and reports on stdout what has come of it;
 * from its start until it is told to serve it waits and listens on nothing.
 */
export class Sidecar {
  private hear: ((report: Report) => void) | null = null;
  private failure: PlatformFailure | null = null;
  private isEnding = false;
  private isDiskFull = false;
  private readonly ended: Promise<never>;
  /** Resolves when it has ended, or broken, by itself. */
  readonly broken: Promise<void>;
  private tellBroken: () => void = () => {};

  private constructor(
    readonly name: SidecarName,
    private readonly container: Container,
    private readonly limits: Limits,
  ) {
    this.broken = new Promise((resolve) => {
      this.tellBroken = resolve;
    });
    container.stdin.on('error', () => {});
    container.stdout.setEncoding('utf8');
    let buffered = '';
    container.stdout.on('data', (chunk: string) => {
      const lines = (buffered + chunk).split('\n');
      buffered = lines.pop() ?? '';
      for (const line of lines) {
        if (line === DISK_FULL) this.isDiskFull = true;
        else this.take(line as Report); // nothing but our own program writes there
      }
    });
    this.ended = container.exited.then(({ cause, code, signal }) => {
      this.fail(`it ended by itself (${cause}, ${signal ?? code})`);
      throw this.failure ?? new PlatformFailure(`the sidecar ${name} was ended`);
    });
    this.ended.catch(() => {});
  }

  /** Starts its container, where it waits. */
  static async start(pod: Pod, name: SidecarName, spec: ContainerSpec): Promise<Sidecar> {
    return new Sidecar(name, await pod.start(spec), spec.limits);
  }

  /** Resolves once it accepts connections. */
  async serve(): Promise<void> {
    const report = await this.change('start');
    if (report !== 'ready') throw this.fail('its port is taken');
  }

  /** Resolves once it has happened. Rejects with `PlatformFailure`. */
  async change(change: SidecarChange): Promise<Report> {
    const report = new Promise<Report>((resolve) => {
      this.hear = resolve;
    });
    this.container.stdin.write(`${change}\n`);
    const heard = await within(ANSWER_WITHIN_MS, Promise.race([report, this.ended]));
    if (heard === null) throw this.fail(`${change} took too long`);
    if (!EXPECTED[change].includes(heard)) throw this.fail(`asked to ${change} it was ${heard}`);
    return heard;
  }

  /** Kills it. Gives what was used up of it; rejects with `PlatformFailure` when it had ended before, or broken, by itself. */
  async end(): Promise<Exhaustion | null> {
    this.isEnding = true;
    const { cause, code, oomKills } = await this.container.kill();
    const exhaustion = exhaustionOf(this.name, this.limits, { oomKills, isDiskFull: this.isDiskFull });
    if (exhaustion) return exhaustion;
    // Nobody had killed it: it had ended when we came, though nobody could know yet.
    if (cause !== 'killed' || code !== null) this.isEnding = false;
    if (!this.isEnding) this.fail(`it ended by itself (${cause}, ${code})`);
    if (this.failure) throw this.failure;
    return null;
  }

  private take(report: Report): void {
    const { hear } = this;
    this.hear = null;
    if (hear) hear(report);
    else this.fail(`it is ${report} though nobody asked for it`);
  }

  private fail(why: string): PlatformFailure {
    const said = safeText(this.container.outputTail().slice(-1_000), 1_000);
    const failure = new PlatformFailure(`the sidecar ${this.name} failed: ${why}: ${said}`);
    if (!this.isEnding) {
      this.failure ??= failure;
      this.tellBroken();
    }
    return failure;
  }
}
