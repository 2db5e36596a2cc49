import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  type Container,
  type ContainerSpec,
  type EngineReport,
  type Exit,
  type Pod,
  type SandboxEngine,
  SandboxError,
  type Usage,
} from '@assay/sandbox';

/**
 * The sandbox's interface on plain processes, for specs only: no walls and no limits but output and time. It gives each
 * pod a free port in place of the candidate's, so that specs can run side by side on one loopback.
 */
export interface PlainNodeEngine extends SandboxEngine {
  /** Every container that ran something of a task's or solution's: one with a control pipe counts once it was told to go. */
  readonly started: readonly ContainerSpec[];
  readonly openPods: number;
}

const CANDIDATE_PORT = '3000';
const CONTROL_FD = 5;
const TAIL_BYTES = 16 * 1024;

async function freePort(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo; // listening on TCP
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

function startProcess(spec: ContainerSpec, port: string): Container {
  const app = spec.mounts['/app']?.hostPath ?? '/nowhere';
  const inHost = (text: string) => {
    if (text === '/usr/bin/node') return process.execPath;
    if (text === CANDIDATE_PORT) return port;
    const mount = Object.entries(spec.mounts).find(([target]) => `${text}/`.startsWith(`${target}/`));
    return mount ? mount[1].hostPath + text.slice(mount[0].length) : text;
  };
  const [program, ...args] = spec.command.map(inHost);
  const env = Object.fromEntries(Object.entries(spec.env).map(([name, value]) => [name, inHost(value)]));
  const child = spawn(program ?? '', args, {
    cwd: app,
    env: { PATH: '/usr/bin', ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'ignore', 'ignore', spec.control ? 'pipe' : 'ignore'],
  }) as ChildProcessWithoutNullStreams; // the first three are pipes
  const control = spec.control ? translated((child.stdio as unknown[])[CONTROL_FD] as Duplex, inHost) : null;

  let tail = Buffer.alloc(0);
  let bytes = 0;
  let cause: Exit['cause'] | null = null;
  const stdout = new PassThrough();
  const end = (why: Exit['cause']) => {
    cause ??= why;
    // detached made a process group of it, so that the negative id means its children too
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended, and its event is on the way.
    }
  };
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
    if (bytes > spec.limits.outputBytes) end('output_exceeded');
  };
  child.stdout.on('data', (chunk: Buffer) => {
    count(chunk);
    if (spec.part === 'checks') stdout.write(chunk);
  });
  child.stderr.on('data', count);
  let timer: NodeJS.Timeout | undefined;
  const startClock = () => {
    timer = setTimeout(() => end('timed_out'), spec.limits.wallMs);
  };
  if (control) control.once('finish', startClock);
  else startClock();
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ cause: cause ?? 'exited', code, signal, oomKills: 0 });
    });
  });
  return {
    stdin: child.stdin,
    control,
    stdout,
    exited,
    outputTail: () => tail.toString('utf8'),
    kill: () => {
      end('killed');
      return exited;
    },
    signal: (name) => child.kill(name),
    usage: () => usageOf(child.pid),
  };
}

/** Passes on what is written, one JSON document, with every text in it as the host knows it. */
function translated(pipe: Duplex, inHost: (text: string) => string): Duplex {
  pipe.on('error', () => {}); // the process's end says what there is to say
  const mapped = (_key: string, value: unknown) => (typeof value === 'string' ? inHost(value) : value);
  const input = new PassThrough();
  void text(input).then((document) => pipe.end(document && JSON.stringify(JSON.parse(document, mapped))));
  return Duplex.from({ readable: pipe, writable: input });
}

/** Of the process alone: what it has started is not looked for. */
function usageOf(pid: number | undefined): Usage {
  const folder = `/proc/${pid}/status`;
  const status = existsSync(folder) ? readFileSync(folder, 'utf8') : '';
  const field = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return {
    rssAnonBytes: field('RssAnon') * 1024,
    threads: field('Threads'),
    processes: status === '' ? 0 : 1,
  };
}

async function writeFiles(
  folder: string,
  files: readonly { path: string; content: string }[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

export function createPlainNodeEngine(packages?: string): PlainNodeEngine {
  const started: ContainerSpec[] = [];
  const pods = new Set<Pod>();

  async function openPod(): Promise<Pod> {
    const root = await mkdtemp(join(tmpdir(), 'assay-plain-'));
    await chmod(root, 0o755);
    if (packages !== undefined) await symlink(packages, join(root, 'node_modules'));
    const port = await freePort();
    const containers: Container[] = [];
    const writings: Promise<void>[] = [];
    let folders = 0;
    let closing: Promise<void> | null = null;
    const ensureOpen = () => {
      if (closing) throw new SandboxError('the pod is closed');
    };
    const close = async () => {
      await Promise.allSettled(writings);
      await Promise.all(containers.map((container) => container.kill()));
      await rm(root, { recursive: true, force: true });
      pods.delete(pod);
    };
    const pod: Pod = {
      addFiles: async (part, files) => {
        ensureOpen();
        folders += 1;
        const hostPath = join(root, `${part}-${folders}`);
        const writing = writeFiles(hostPath, files);
        writings.push(writing);
        await writing;
        return { hostPath };
      },
      fill: async ({ hostPath }, files) => {
        ensureOpen();
        const writing = writeFiles(hostPath, files);
        writings.push(writing);
        await writing;
      },
      start: async (spec) => {
        ensureOpen();
        const container = startProcess(spec, port);
        if (container.control) container.control.once('finish', () => started.push(spec));
        else started.push(spec);
        containers.push(container);
        return container;
      },
      quiet: async () => () => undefined,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
    pods.add(pod);
    return pod;
  }

  return {
    started,
    get openPods() {
      return pods.size;
    },
    openPod,
    selfTest: async (): Promise<EngineReport> => ({
      engine: 'plain node',
      limits: 'none',
      guarantees: [],
      degraded: [],
    }),
    close: async () => {
      await Promise.all([...pods].map((pod) => pod.close()));
    },
  };
}
