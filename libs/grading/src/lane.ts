import type { Container, FolderHandle, Pod } from '@assay/sandbox';
import { type CheckSpec, startedByOf, startTimeoutMsOf } from '@assay/tasks';
import { CheckServers, type EndedServer } from './check-servers.js';
import { startHarness } from './checks-container.js';
import type { PartialGradeRequest } from './grade-request.js';
import type { CheckAnswer, RunCommand, Who } from './harness/messages.js';
import { shimFiles } from './harness-files.js';
import type { HarnessSession } from './harness-session.js';
import { serverContainer } from './server-container.js';

/** A check whose server is up, or did not come up. */
export interface ReadyCheck {
  isUp: boolean;
  /** Runs it, unless there is nothing to run, and ends its servers. */
  finish(): Promise<FinishedCheck>;
}

export interface FinishedCheck {
  answer: CheckAnswer;
  /** Every server of the candidate's that ran, in order. */
  servers: readonly EndedServer[];
}

export interface ReadyOptions {
  /** Until `finish` is called, at most; beyond what the start itself takes. */
  waitMs: number;
  /** Called before the reference is started: resolves once nothing else of this grading is at work. */
  beforeReference: () => Promise<void>;
}

type StartServer = (
  check: CheckSpec,
  who: Who,
  env: Readonly<Record<string, string>>,
  waitMs: number,
) => Promise<Container>;

/**
 * A pod with a harness in it, for one check at a time. Everything of ours that fails rejects, be it the pod itself:
 * whoever waits for a check hears of it.
 */
export class Lane {
  /** From `ready` until its check is finished. */
  isBusy = false;
  private readonly pod: Promise<Pod>;
  private readonly setUp: Promise<{ startServer: StartServer; harness: Promise<HarnessSession> }>;

  constructor(private readonly request: PartialGradeRequest) {
    const { engine, bundle, checks, files } = request;
    this.pod = engine.openPod();
    this.setUp = this.pod.then(async (pod) => {
      const harness = startHarness(pod, bundle, checks, files);
      harness.catch(() => {}); // the first check waits for it
      return { startServer: await serverStarter(pod, request), harness };
    });
    this.setUp.catch(() => {});
  }

  /** Starts what the check is to meet: at once, while the harness may still be coming up itself. */
  async ready(check: CheckSpec, { waitMs, beforeReference }: ReadyOptions): Promise<ReadyCheck> {
    this.isBusy = true;
    const { startServer, harness } = await this.setUp;
    const command = runCommand(this.request, check);
    let first = command.startedBy === 'harness' ? startServer(check, 'candidate', {}, waitMs) : null;
    first?.catch(() => {}); // the harness's own asking for it hears of that
    const servers = new CheckServers(async (who, env) => {
      if (who === 'reference') await beforeReference();
      const started = first ?? startServer(check, who, env, 0);
      first = null;
      return started;
    });
    const session = await harness;
    const early = await session.prepare(command, (ask) => servers.answer(ask));
    return {
      isUp: early === null,
      finish: async () => {
        const answer = early ?? (await session.begin(command));
        const ended = await servers.end(answer);
        this.isBusy = false;
        return { answer, servers: ended };
      },
    };
  }

  /** Kills everything in it, which ends every wait above. */
  async close(): Promise<void> {
    const pod = await this.pod.catch(() => null);
    await pod?.close();
  }
}

/** Starts servers in the pod. The reference's files come into it when a check asks for them first. */
async function serverStarter(
  pod: Pod,
  { bundle, files }: Pick<PartialGradeRequest, 'bundle' | 'files'>,
): Promise<StartServer> {
  const candidate = await pod.addFiles('candidate', files);
  const isModule = bundle.manifest.mode === 'function';
  const shim = isModule ? await pod.addFiles('candidate', await shimFiles()) : null;
  let reference: Promise<FolderHandle> | null = null;
  const filesOf = async (who: Who): Promise<FolderHandle> => {
    if (who === 'candidate') return candidate;
    reference ??= pod.addFiles('candidate', bundle.reference);
    return reference;
  };
  return async (check, who, env, waitMs) =>
    pod.start(serverContainer(bundle.manifest, check, { app: await filesOf(who), shim }, env, waitMs));
}

function runCommand(
  { bundle: { manifest }, seed }: Pick<PartialGradeRequest, 'bundle' | 'seed'>,
  check: CheckSpec,
): RunCommand {
  const { name, timeoutMs } = check;
  return {
    name,
    probe: check.probe === undefined ? null : check,
    seed,
    mode: manifest.mode,
    startedBy: startedByOf(manifest, check),
    startTimeoutMs: startTimeoutMsOf(manifest),
    timeoutMs,
  };
}
