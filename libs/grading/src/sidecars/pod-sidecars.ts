import { randomBytes } from 'node:crypto';
import type { Pod } from '@assay/sandbox';
import { instancesOf, type SidecarsSpec, sidecarsOf, type TaskBundle } from '@assay/tasks';
import { AskRefused } from '../check-servers.js';
import type { AskAnswer, SidecarAsk, Who } from '../harness/messages.js';
import { SIDECAR_NAMES, type SidecarAccess, type SidecarName } from '../harness/sidecar-access.js';
import { PlatformFailure } from '../platform-failure.js';
import type { Exhaustion } from './exhaustion.js';
import { Sidecar } from './sidecar.js';
import { type SidecarContainer, sidecarContainers } from './sidecar-container.js';

/** The sidecars of one pod: fresh ones for every check, and for every window of a comparison. */
export class PodSidecars {
  /** For the harness; null when the task has no sidecars. */
  readonly access: SidecarAccess | null;
  private readonly container: SidecarContainer;
  /** Started, and waiting for the next check. */
  private waiting: Promise<Sidecar[]> | null = null;
  private serving: readonly Sidecar[] = [];
  /** Whose servers those that serve have met. */
  private met: Who | null = null;
  private exhaustion: Exhaustion | null = null;

  constructor(
    private readonly pod: Pod,
    { manifest, starter }: Pick<TaskBundle, 'manifest' | 'starter'>,
  ) {
    const declared = sidecarsOf(manifest);
    const isNeeded = (name: SidecarName) =>
      name === 'balancer' ? instancesOf(manifest) > 1 : declared[name] !== undefined;
    const names = SIDECAR_NAMES.filter(isNeeded);
    const secret = randomBytes(24).toString('hex');
    this.access = names.length > 0 ? { names, secret, schema: schemaOf(declared, starter) } : null;
    this.container = sidecarContainers(pod, secret);
  }

  /** Starts the containers that a check takes. Resolves once they have started, before which their programs may have to be made. */
  async prepare(): Promise<void> {
    this.waiting ??= this.start();
    await this.waiting;
  }

  /** Starts those of the next check beside those that serve. Not where speed is measured. */
  prepareBeside(): void {
    this.prepare().catch(() => {}); // whoever takes them hears of it
  }

  /** Answers what the running check asks. Rejects with `AskRefused`, or with what is always a failure of ours. */
  async answer(ask: SidecarAsk): Promise<AskAnswer> {
    if (ask.do === 'sidecars') {
      await this.renew();
      return null;
    }
    const sidecar = this.serving.find(({ name }) => name === ask.name);
    if (!sidecar) throw new AskRefused(`the task has no ${ask.name}`);
    try {
      return { portTaken: (await sidecar.change(ask.change)) === 'taken' };
    } catch (error) {
      await this.endOne(sidecar);
      throw this.exhaustion ? new AskRefused(this.exhaustion.message) : error;
    }
  }

  /** Ends those that serve and has fresh ones serve. */
  async renew(): Promise<void> {
    const next = this.waiting ?? this.start();
    this.waiting = null;
    next.catch(() => {}); // heard of when the last ones have ended
    await this.endServing();
    this.serving = await next;
    await Promise.all(this.serving.map((sidecar) => sidecar.serve()));
  }

  /** To be told of every server that is about to meet those that serve. */
  meet(who: Who): void {
    this.met = who;
  }

  /**
   * Ends those that serve. Gives what the candidate's server has used up of one since this was last called; rejects with
   * `PlatformFailure` when one of them had ended by itself for any other reason.
   */
  async end(): Promise<Exhaustion | null> {
    await this.endServing();
    const { exhaustion } = this;
    this.exhaustion = null;
    return exhaustion;
  }

  /** Resolves, as `end` does, once one of those that serve has broken. */
  async broken(): Promise<Exhaustion | null> {
    await Promise.race(this.serving.map((sidecar) => sidecar.broken));
    return this.end();
  }

  private async endServing(): Promise<void> {
    const { serving } = this;
    this.serving = [];
    await Promise.all(serving.map((sidecar) => this.endOne(sidecar)));
    this.met = null;
  }

  private async endOne(sidecar: Sidecar): Promise<void> {
    const exhaustion = await sidecar.end();
    if (exhaustion && this.met !== 'candidate')
      throw new PlatformFailure(
        `without the candidate's server ${sidecar.name} ran out: ${exhaustion.message}`,
      );
    this.exhaustion ??= exhaustion;
  }

  private async start(): Promise<Sidecar[]> {
    const names = this.access?.names ?? [];
    return Promise.all(names.map(async (name) => Sidecar.start(this.pod, name, await this.container(name))));
  }
}

/** The task's own: a candidate may change the one in the solution. */
function schemaOf({ postgres }: SidecarsSpec, starter: TaskBundle['starter']): string | null {
  const file = starter.find(({ path }) => path === postgres?.schema);
  return file?.content ?? null;
}
