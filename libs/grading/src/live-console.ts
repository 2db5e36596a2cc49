import { randomUUID } from 'node:crypto';
import { ConsoleReply, type ConsoleRequest } from '@assay/contracts/http';
import type { Container, Pod } from '@assay/sandbox';
import { instancesOf, startTimeoutMsOf, type TaskManifest } from '@assay/tasks';
import { z } from 'zod';
import type { ConsoleCommand } from './harness/console-messages.js';
import { safeText } from './harness/safe-text.js';
import { CONSOLE_MAIN, harnessFiles } from './harness-files.js';
import { PlatformFailure } from './platform-failure.js';
import { CANDIDATE_PORT, MIB } from './server-container.js';

/** What it makes the task's tables from: harness/console-main.ts looks for it. */
const SCHEMA = 'schema.sql';
/** Its console repeats what the server answers, for as long as the run lives. */
const LIMITS = {
  memoryBytes: 256 * MIB,
  pids: 32,
  cpus: 0.5,
  outputBytes: 1024 * MIB,
  tmpBytes: MIB,
};
/** A body as JSON may write six letters for one. */
const MAX_LINE_LENGTH = MIB;

const ConsoleLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('prepared') }),
  z.object({ type: z.literal('listening'), isUp: z.boolean() }),
  z.object({ type: z.literal('reply'), id: z.uuid(), reply: ConsoleReply }),
]);

/** The program in the checks part that speaks to a live server. */
export interface LiveConsole {
  /** Resolves once Postgres has the task's tables: the server may start, and is waited for from now on. Rejects as `broken` does. */
  readonly prepared: Promise<void>;
  /** Whether the server, each instance of it, accepted connections within its time. */
  readonly listening: Promise<boolean>;
  /** Rejects when the program has ended. */
  readonly broken: Promise<never>;
  ask(request: ConsoleRequest): Promise<ConsoleReply>;
}

export interface ConsoleSpec {
  manifest: TaskManifest;
  /** SQL for the task's Postgres, which serves already; null without. */
  schema: string | null;
  wallMs: number;
}

/** Starts it. What it says has been made of hostile input, so nothing is trusted. */
export async function startLiveConsole(
  pod: Pod,
  { manifest, schema, wallMs }: ConsoleSpec,
): Promise<LiveConsole> {
  const tables = schema === null ? [] : [{ path: SCHEMA, content: schema }];
  const folder = await pod.addFiles('checks', [...(await harnessFiles()), ...tables]);
  const container = await pod.start({
    part: 'checks',
    command: [
      '/usr/bin/node',
      `/app/${CONSOLE_MAIN}`,
      String(CANDIDATE_PORT),
      String(instancesOf(manifest)),
      String(startTimeoutMsOf(manifest)),
    ],
    env: {},
    cwd: '/app',
    mounts: { '/app': folder },
    limits: { ...LIMITS, wallMs },
  });
  container.stdin.on('error', () => {}); // its end is told by `exited`
  const waiting = new Map<string, (reply: ConsoleReply) => void>();
  let tellPrepared: () => void = () => {};
  let tellListening: (isUp: boolean) => void = () => {};
  const isPrepared = new Promise<void>((resolve) => {
    tellPrepared = resolve;
  });
  const listening = new Promise<boolean>((resolve) => {
    tellListening = resolve;
  });
  const broken = brokenBy(container, (line) => {
    const message = ConsoleLine.parse(JSON.parse(line));
    if (message.type === 'prepared') return tellPrepared();
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
  return { prepared: Promise.race([isPrepared, broken]), listening, broken, ask };
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
