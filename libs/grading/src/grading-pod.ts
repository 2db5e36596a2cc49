import type { Container, FolderHandle } from '@assay/sandbox';
import { type CheckSpec, instancesOf, startedByOf, startTimeoutMsOf } from '@assay/tasks';
import { CheckServers, type EndedServer } from './check-servers.js';
import { fillChecks } from './checks-container.js';
import type { PartialGradeRequest } from './grade-request.js';
import type { GradingSlot } from './grading-slots.js';
import type { CheckAnswer, RunCommand, Who } from './harness/messages.js';
import { type SidecarAccess, serverPort } from './harness/sidecar-access.js';
import { HarnessSession } from './harness-session.js';
import { PlatformFailure } from './platform-failure.js';
import type { ReadyPod } from './ready-pod.js';
import { canBeGivenLate, programOf } from './server-container.js';
import type { Exhaustion } from './sidecars/exhaustion.js';
import { PodSidecars } from './sidecars/pod-sidecars.js';
import { sidecarVariables } from './sidecars/sidecar-variables.js';
import type { WarmServer } from './warm-server.js';

export interface FinishedCheck {
  answer: CheckAnswer;
  /** Every server of the candidate's that ran, in order. */
  servers: readonly EndedServer[];
  /** What they used up of a sidecar. */
  exhaustion: Exhaustion | null;
}

/** So many that ended while they waited for their turn, one after the other, are too many. */
const STARTS = 2;

/**
 * The pod of one grading, for one check at a time. While a check runs, the server of the next one boots beside it and
 * waits (docs/adr/0011-warm-servers.md). Everything of ours that fails rejects, be it the pod itself: whoever waits for
 * a check hears of it.
 */
export class GradingPod {
  private readonly session: Promise<HarnessSession>;
  private readonly sidecars: PodSidecars;
  private reference: Promise<FolderHandle> | null = null;
  /** Set while nothing of ours may work beside what is measured. */
  private release: (() => void) | null = null;

  /** Brings the solution and its checks into a pod, which is closed with this. In a slot, the next pod follows the last server. */
  constructor(
    private readonly ready: ReadyPod,
    private readonly request: PartialGradeRequest,
    private readonly slot: GradingSlot | null,
  ) {
    this.sidecars = new PodSidecars(ready.pod, request.bundle);
    this.session = this.fill();
    this.session.catch(() => {}); // the first check waits for it
  }

  /** Runs a check; `isLast` when none follows. Rejects for everything that is ours. */
  async run(check: CheckSpec, isLast: boolean): Promise<FinishedCheck> {
    const session = await this.session;
    await this.sidecars.prepare();
    const command = runCommand(this.request, check, this.sidecars.access);
    const servers = new CheckServers(async (who, env, instance) => {
      this.sidecars.meet(who);
      const server = await this.startServer(who, this.variablesOf(instance, env));
      if (!isLast) this.ready.servers.refill();
      else if (!command.quiet) this.slot?.refill();
      return server;
    });
    const early = await session.prepare(command, (ask) =>
      ask.do === 'sidecars' || ask.do === 'sidecar' ? this.sidecars.answer(ask) : servers.answer(ask),
    );
    if (early === null && command.quiet) await this.quieten();
    else if (!isLast) this.sidecars.prepareBeside();
    const answer = early ?? (await session.begin(command));
    const ended = await servers.end(answer);
    const exhaustion = await this.sidecars.end();
    if (answer.verdict === 'void' && !exhaustion) throw new PlatformFailure(answer.message ?? '');
    if (!isLast) this.endQuiet();
    return { answer, servers: ended, exhaustion };
  }

  /** Kills everything in it, which ends every wait above. */
  async close(): Promise<void> {
    await this.ready.close();
    this.endQuiet();
  }

  private async fill(): Promise<HarnessSession> {
    const { ready, request } = this;
    const { bundle, checks, files } = request;
    const { pod, folders } = ready;
    await Promise.all([pod.fill(folders.app, files), fillChecks(pod, folders, bundle, checks, files)]);
    const written = bundle.manifest.checks[checks].filter(({ probe }) => probe === undefined);
    const names = written.map(({ name }) => name);
    return new HarnessSession(ready.harness, names, `checks/${checks}.mjs`);
  }

  /** The server that waits, or one that is started now. In a comparison all are started in their turn, hence alike. */
  private async startServer(who: Who, env: Readonly<Record<string, string>>): Promise<Container> {
    if (who === 'reference') await this.quieten();
    for (let start = 1; start <= STARTS; start += 1) {
      const container = await this.goWith(await this.serverFor(who, env), env);
      if (container) return container;
    }
    throw new PlatformFailure('the server under test ended before its turn');
  }

  private async serverFor(who: Who, env: Readonly<Record<string, string>>): Promise<WarmServer> {
    const { ready } = this;
    if (who === 'candidate' && !this.release && canBeGivenLate(env)) return ready.servers.take();
    return ready.startServer({ ...ready.folders, app: await this.folderOf(who) }, env);
  }

  private goWith(server: WarmServer, env: Readonly<Record<string, string>>): Promise<Container | null> {
    return server.go({ program: programOf(this.request.bundle.manifest), env });
  }

  private async folderOf(who: Who): Promise<FolderHandle> {
    if (who === 'candidate') return this.ready.folders.app;
    this.reference ??= this.ready.pod.addFiles('candidate', this.request.bundle.reference);
    return this.reference;
  }

  /** What the check asked for, and where an instance finds its sidecars and its port; that of the only one it has already. */
  private variablesOf(instance: number, asked: Readonly<Record<string, string>>): Record<string, string> {
    const { manifest } = this.request.bundle;
    const instances = instancesOf(manifest);
    const port = instances > 1 && { PORT: String(serverPort(instances, instance)) };
    return { ...sidecarVariables(manifest), ...asked, ...port };
  }

  private async quieten(): Promise<void> {
    if (this.release) return;
    const releases = await Promise.all([this.ready.quiet(), this.slot?.quiet()]);
    this.release = () => releases.forEach((release) => void release?.());
  }

  private endQuiet(): void {
    this.release?.();
    this.release = null;
  }
}

function runCommand(
  { bundle: { manifest }, seed }: Pick<PartialGradeRequest, 'bundle' | 'seed'>,
  check: CheckSpec,
  sidecars: SidecarAccess | null,
): RunCommand {
  const { name, timeoutMs, kind } = check;
  return {
    name,
    probe: check.probe === undefined ? null : check,
    seed,
    mode: manifest.mode,
    startedBy: startedByOf(manifest, check),
    startTimeoutMs: startTimeoutMsOf(manifest),
    timeoutMs,
    quiet: kind === 'performance',
    sidecars,
    instances: instancesOf(manifest),
  };
}
