import { randomBytes } from 'node:crypto';
import type { Pod } from '@assay/sandbox';
import { instancesOf, type SidecarsSpec, sidecarsOf, type TaskBundle } from '@assay/tasks';
import { AskRefused } from '../check-servers.js';
import type { AskAnswer, SidecarAsk } from '../harness/messages.js';
import { SIDECAR_NAMES, type SidecarAccess, type SidecarName } from '../harness/sidecar-access.js';
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
    if (ask.do === 'sidecars') return this.renew();
    const sidecar = this.serving.find(({ name }) => name === ask.name);
    if (!sidecar) throw new AskRefused(`the task has no ${ask.name}`);
    return { portTaken: (await sidecar.change(ask.change)) === 'taken' };
  }

  /** Ends those that serve and has fresh ones serve. */
  private async renew(): Promise<null> {
    const next = this.waiting ?? this.start();
    this.waiting = null;
    next.catch(() => {}); // heard of when the last ones have ended
    await this.end();
    this.serving = await next;
    await Promise.all(this.serving.map((sidecar) => sidecar.serve()));
    return null;
  }

  /** Ends those that serve. Rejects with `PlatformFailure` when one of them had ended by itself. */
  async end(): Promise<void> {
    const { serving } = this;
    this.serving = [];
    await Promise.all(serving.map((sidecar) => sidecar.end()));
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
