import { type Container, createReserve, type Pod, type Reserve, type SandboxEngine } from '@assay/sandbox';
import { type ChecksFolders, checksContainer } from './checks-container.js';
import { harnessFiles, shimFiles } from './harness-files.js';
import { PlatformFailure } from './platform-failure.js';
import { type ServerFolders, type ServerShape, serverContainer } from './server-container.js';
import { WarmServer } from './warm-server.js';

/**
 * A pod for one grading, before anything of a solution or a task is in it: a harness that waits for its checks, and the
 * next server, which waits for its turn. The candidate's folder is filled later.
 */
export class ReadyPod {
  /** Holds at most one; refilled by whoever knows that another will be needed. */
  readonly servers: Reserve<WarmServer>;
  private isHarnessAlive = true;

  private constructor(
    readonly pod: Pod,
    readonly shape: ServerShape,
    readonly folders: ServerFolders & ChecksFolders,
    readonly harness: Container,
    private readonly cores: readonly number[] | undefined,
  ) {
    void harness.exited.then(() => {
      this.isHarnessAlive = false;
    });
    this.servers = createReserve({
      size: 1,
      make: () => this.startServer(folders, {}),
      isUsable: (server) => server.isWaiting,
      discard: (server) => server.end(),
      log: () => undefined, // whoever needs the server makes it again, and hears of it then
    });
    this.servers.refill();
  }

  /** `cores`: those it is kept to, all without. Rejects when it cannot be had, leaving nothing behind. */
  static async open(engine: SandboxEngine, shape: ServerShape, cores?: readonly number[]): Promise<ReadyPod> {
    const pod = await engine.openPod();
    try {
      const [app, shim, harness, solution] = await Promise.all([
        pod.addFiles('candidate', []),
        pod.addFiles('candidate', await shimFiles()),
        pod.addFiles('checks', await harnessFiles()),
        pod.addFiles('checks', []),
      ]);
      const folders = { app, shim, harness, solution };
      const container = await pod.start({ ...checksContainer(folders), cores });
      return new ReadyPod(pod, shape, folders, container, cores);
    } catch (error) {
      await pod.close();
      throw error;
    }
  }

  /** The same, with nothing in it left to do. */
  static async openWarm(
    engine: SandboxEngine,
    shape: ServerShape,
    cores: readonly number[] | undefined,
  ): Promise<ReadyPod> {
    const ready = await ReadyPod.open(engine, shape, cores);
    const release = await ready.quiet();
    release();
    return ready;
  }

  isUsable(): boolean {
    return this.isHarnessAlive;
  }

  /** Boots one that will find its files in `app`. */
  async startServer(
    { app, shim }: ServerFolders,
    env: Readonly<Record<string, string>>,
  ): Promise<WarmServer> {
    const start = (shape: ServerShape) =>
      WarmServer.start(this.pod, { ...serverContainer(shape, { app, shim }, env), cores: this.cores });
    try {
      return await start(this.shape);
    } catch (error) {
      // Its packages may be more than its memory: whether the program needs them is for the program to find out.
      if (!(error instanceof PlatformFailure) || this.shape.packages.length === 0) throw error;
      return start({ ...this.shape, packages: [] });
    }
  }

  /** Resolves once nothing is being made ready in it; nothing will be until the returned function has been called. */
  async quiet(): Promise<() => void> {
    const releases = await Promise.all([this.servers.quiet(), this.pod.quiet()]);
    return () => releases.forEach((release) => void release());
  }

  /** Kills everything in it. */
  async close(): Promise<void> {
    const emptied = this.servers.close();
    await this.pod.close();
    await emptied;
  }
}
