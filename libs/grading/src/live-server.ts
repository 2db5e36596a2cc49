import { randomUUID } from 'node:crypto';
import type { SourceFile } from '@assay/contracts';
import { ConsoleReply, type ConsoleRequest } from '@assay/contracts/http';
import type { Container, Exit, Pod, SandboxEngine } from '@assay/sandbox';
import { startTimeoutMsOf, type TaskBundle, type TaskManifest } from '@assay/tasks';
import { z } from 'zod';
import type { ConsoleCommand } from './harness/console-messages.js';
import { safeText } from './harness/safe-text.js';
import { CONSOLE_MAIN, harnessFiles, shimFiles } from './harness-files.js';
import { PlatformFailure } from './platform-failure.js';
import { CANDIDATE_PORT, MIB, programOf, serverContainer, serverShape } from './server-container.js';
import { WarmServer } from './warm-server.js';

/** All that a live server may print: it is shown while it runs, and a flood is ended. */
const OUTPUT_BYTES = MIB;
/** Its console repeats what the server answers, for as long as the run lives. */
const CONSOLE_LIMITS = {
  memoryBytes: 256 * MIB,
  pids: 32,
  cpus: 0.5,
  outputBytes: 1024 * MIB,
  tmpBytes: MIB,
};
/** Whoever holds the run ends it in time; this ends a sandbox whose holder did not. */
const WALL_GRACE_MS = 30_000;
/** A body as JSON may write six letters for one. */
const MAX_LINE_LENGTH = MIB;
const TAIL_LENGTH = 16 * 1024;

const ConsoleLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), isUp: z.boolean() }),
  z.object({ type: z.literal('reply'), id: z.uuid(), reply: ConsoleReply }),
]);

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

/** Starts the server of a task. Rejects with what is a failure of ours. */
export async function startLiveServer(request: LiveServerRequest): Promise<LiveServer> {
  const pod = await request.engine.openPod();
  try {
    const console = await startConsole(pod, request);
    const { manifest } = request.bundle;
    const server = await startServer(pod, request);
    const ended = Promise.race([server.exited.then((exit) => endOf(exit, manifest)), console.broken]);
    ended.catch(() => {}); // whoever holds the run hears of it
    return {
      listening: console.listening,
      ended,
      ask: console.ask,
      outputTail: () => safeText(server.outputTail(), TAIL_LENGTH),
      close: () => pod.close(),
    };
  } catch (error) {
    await pod.close();
    throw error;
  }
}

async function startServer(pod: Pod, { bundle, files, limitMs, onOutput }: LiveServerRequest) {
  const [app, shim] = await Promise.all([
    pod.addFiles('candidate', files),
    pod.addFiles('candidate', await shimFiles()),
  ]);
  const { manifest } = bundle;
  const spec = serverContainer(serverShape(manifest, files), { app, shim }, {});
  const limits = { ...spec.limits, outputBytes: OUTPUT_BYTES, wallMs: limitMs + WALL_GRACE_MS };
  const waiting = await WarmServer.start(pod, { ...spec, limits });
  const server = await waiting.go({ program: programOf(manifest), env: {} });
  if (!server) throw new PlatformFailure('the server ended before its turn');
  server.onOutput(onOutput);
  return server;
}

/** The program in the checks part that speaks to the server, and what it says: it has read hostile input, so nothing is trusted. */
async function startConsole(pod: Pod, { bundle, limitMs }: LiveServerRequest) {
  const folder = await pod.addFiles('checks', await harnessFiles());
  const container = await pod.start({
    part: 'checks',
    command: [
      '/usr/bin/node',
      `/app/${CONSOLE_MAIN}`,
      String(CANDIDATE_PORT),
      String(startTimeoutMsOf(bundle.manifest)),
    ],
    env: {},
    cwd: '/app',
    mounts: { '/app': folder },
    limits: { ...CONSOLE_LIMITS, wallMs: limitMs + WALL_GRACE_MS },
  });
  container.stdin.on('error', () => {}); // its end is told by `exited`
  const waiting = new Map<string, (reply: ConsoleReply) => void>();
  let tellListening: (isUp: boolean) => void = () => {};
  const listening = new Promise<boolean>((resolve) => {
    tellListening = resolve;
  });
  const broken = brokenBy(container, (line) => {
    const message = ConsoleLine.parse(JSON.parse(line));
    if (message.type === 'listening') return tellListening(message.isUp);
    waiting.get(message.id)?.(message.reply);
    waiting.delete(message.id);
  });
  broken.catch(() => {}); // whoever holds the run hears of it
  const ask = (request: ConsoleRequest): Promise<ConsoleReply> => {
    const command: ConsoleCommand = { id: randomUUID(), request };
    const reply = new Promise<ConsoleReply>((resolve) => waiting.set(command.id, resolve));
    container.stdin.write(`${JSON.stringify(command)}\n`);
    return Promise.race([reply, broken]);
  };
  return { listening, broken, ask };
}

/** Hands each line to `take`. Rejects when that throws, or the program ends. */
function brokenBy(container: Container, take: (line: string) => void): Promise<never> {
  return new Promise<never>((_, reject) => {
    let buffered = '';
    container.stdout.setEncoding('utf8');
    container.stdout.on('error', reject);
    container.stdout.on('data', (chunk: string) => {
      const lines = (buffered + chunk).split('\n');
      buffered = lines.pop() ?? '';
      try {
        if (buffered.length > MAX_LINE_LENGTH) throw new RangeError('a line without end');
        for (const line of lines) take(line);
      } catch (cause) {
        reject(new PlatformFailure('the console program broke its protocol', { cause }));
      }
    });
    void container.exited.then(({ cause, code, signal }) => {
      const tail = safeText(container.outputTail().slice(-1_000), 1_000);
      reject(new PlatformFailure(`the console program ended (${cause}, ${signal ?? code}): ${tail}`));
    });
  });
}

function endOf({ cause, code, signal, oomKills }: Exit, { limits }: TaskManifest): LiveServerEnd {
  const exit = { exitCode: code, exitSignal: signal };
  if (cause === 'memory_exceeded' || oomKills > 0)
    return {
      ...exit,
      message: `Your server used more than ${limits.memoryMb} MB of memory and was stopped.`,
    };
  if (cause === 'output_exceeded')
    return { ...exit, message: `Your server printed more than ${OUTPUT_BYTES / MIB} MB and was stopped.` };
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  return { ...exit, message: `Your server ended ${how}.` };
}
