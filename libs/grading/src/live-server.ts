import type { SourceFile } from '@assay/contracts';
import type { ConsoleReply, ConsoleRequest } from '@assay/contracts/http';
import type { Container, Exit, Pod, SandboxEngine } from '@assay/sandbox';
import { instancesOf, type TaskBundle, type TaskManifest } from '@assay/tasks';
import { safeText } from './harness/safe-text.js';
import { serverPort } from './harness/sidecar-access.js';
import { shimFiles } from './harness-files.js';
import { startLiveConsole } from './live-console.js';
import { PlatformFailure } from './platform-failure.js';
import { MIB, programOf, serverContainer, serverShape } from './server-container.js';
import type { Exhaustion } from './sidecars/exhaustion.js';
import { PodSidecars } from './sidecars/pod-sidecars.js';
import { sidecarVariables } from './sidecars/sidecar-variables.js';
import { WarmServer } from './warm-server.js';

/** All that a live server may print: it is shown while it runs, and a flood is ended. */
const OUTPUT_BYTES = MIB;
/** Whoever holds the run ends it in time; this ends a sandbox whose holder did not. */
const WALL_GRACE_MS = 30_000;
const TAIL_LENGTH = 16 * 1024;

/** How a server ended by itself, or by its limits. */
export interface LiveServerEnd {
  /** In a sentence, for the candidate. */
  message: string;
  exitCode: number | null;
  exitSignal: string | null;
}

/** A candidate's server that lives in a sandbox until somebody ends it. */
export interface LiveServer {
  /** Whether it accepted connections within its time. Never settles when it ends before that. */
  readonly listening: Promise<boolean>;
  /** Resolves when the server ends; rejects when what is ours around it did. */
  readonly ended: Promise<LiveServerEnd>;
  /** Sends it a request; what it does with it is a reply, whatever it is. Rejects when what is ours has ended. */
  ask(request: ConsoleRequest): Promise<ConsoleReply>;
  /** The last lines it wrote. */
  outputTail(): string;
  /** Kills everything, which settles every promise above. */
  close(): Promise<void>;
}

export interface LiveServerRequest {
  engine: SandboxEngine;
  bundle: TaskBundle;
  files: readonly SourceFile[];
  /** How long it may live at most. */
  limitMs: number;
  /** Called with what it writes, as it comes. */
  onOutput: (chunk: Buffer) => void;
}

/** False for tasks whose solutions are modules: there is no server to speak to. */
export const hasServer = ({ manifest }: TaskBundle): boolean => manifest.mode === 'http';

/** Starts the server of a task, among the sidecars it has. Rejects with what is a failure of ours. */
export async function startLiveServer(request: LiveServerRequest): Promise<LiveServer> {
  const { engine, bundle, limitMs } = request;
  const { manifest } = bundle;
  const pod = await engine.openPod();
  try {
    const sidecars = new PodSidecars(pod, bundle);
    const served = sidecars.renew();
    const [waiting] = await Promise.all([bootServers(pod, request), served]);
    const schema = sidecars.access?.schema ?? null;
    const wallMs = limitMs + WALL_GRACE_MS;
    const console = await startLiveConsole(pod, { manifest, schema, wallMs });
    await console.prepared;
    sidecars.meet('candidate');
    const servers = await Promise.all(waiting.map((server, index) => start(server, request, index + 1)));
    const ended = Promise.race([
      ...servers.map(({ exited }) => exited.then((exit) => endOf(exit, manifest))),
      sidecars.broken().then(endOfSidecar),
      console.broken,
    ]);
    ended.catch(() => {}); // whoever holds the run hears of it
    return {
      listening: console.listening,
      ended,
      ask: console.ask,
      outputTail: () => tailOf(servers),
      close: () => pod.close(),
    };
  } catch (error) {
    await pod.close();
    throw error;
  }
}

/** The servers, as many as the task says, until they are told to go. */
async function bootServers(pod: Pod, { bundle, files, limitMs }: LiveServerRequest): Promise<WarmServer[]> {
  const [app, shim] = await Promise.all([
    pod.addFiles('candidate', files),
    pod.addFiles('candidate', await shimFiles()),
  ]);
  const { manifest } = bundle;
  const spec = serverContainer(serverShape(manifest, files), { app, shim }, {});
  const limits = { ...spec.limits, outputBytes: OUTPUT_BYTES, wallMs: limitMs + WALL_GRACE_MS };
  return Promise.all(
    Array.from({ length: instancesOf(manifest) }, () => WarmServer.start(pod, { ...spec, limits })),
  );
}

async function start(
  waiting: WarmServer,
  { bundle: { manifest }, onOutput }: LiveServerRequest,
  instance: number,
): Promise<Container> {
  const instances = instancesOf(manifest);
  const port = instances > 1 && { PORT: String(serverPort(instances, instance)) };
  const env = { ...sidecarVariables(manifest), ...port };
  const server = await waiting.go({ program: programOf(manifest), env });
  if (!server) throw new PlatformFailure('the server ended before its turn');
  server.onOutput(onOutput);
  return server;
}

/** Of two servers, the end of what each wrote. */
function tailOf(servers: readonly Container[]): string {
  const length = TAIL_LENGTH / servers.length;
  return servers.map((server) => safeText(server.outputTail().slice(-length), length)).join('');
}

function endOfSidecar(exhaustion: Exhaustion | null): LiveServerEnd {
  if (!exhaustion) throw new PlatformFailure('a sidecar ended');
  return { message: exhaustion.message, exitCode: null, exitSignal: null };
}

function endOf({ cause, code, signal, oomKills }: Exit, manifest: TaskManifest): LiveServerEnd {
  const { limits } = manifest;
  const server = instancesOf(manifest) > 1 ? 'One of your servers' : 'Your server';
  const exit = { exitCode: code, exitSignal: signal };
  if (cause === 'memory_exceeded' || oomKills > 0)
    return {
      ...exit,
      message: `${server} used more than ${limits.memoryMb} MB of memory and was stopped.`,
    };
  if (cause === 'output_exceeded')
    return { ...exit, message: `${server} printed more than ${OUTPUT_BYTES / MIB} MB and was stopped.` };
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  return { ...exit, message: `${server} ended ${how}.` };
}
