import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '@assay/testing';

const APPS = join(import.meta.dirname, '../../apps');
/** The worker proves its sandbox before it is ready, which takes seconds, on a busy machine many. */
const READY_MS = 60_000;
const STOP_MS = 20_000;
const OUTPUT_CHARACTERS = 4_000;

/** One of our three processes, built, as it runs in production. */
export class AppProcess {
  private child: ChildProcess | null = null;
  private output = '';

  constructor(
    private readonly name: string,
    private readonly env: Record<string, string>,
    private readonly healthUrl: string,
  ) {}

  /** Of the process that runs now. */
  get pid(): number {
    if (!this.child?.pid) throw new Error(`${this.name} does not run`);
    return this.child.pid;
  }

  /** Resolves once it is ready. Rejects with the end of its output when it ends before that. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(APPS, this.name, 'dist', 'main.js')], {
      env: { PATH: process.env.PATH ?? '', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-OUTPUT_CHARACTERS);
      });
    }
    await waitFor(
      `${this.name} to be ready`,
      () => {
        if (child.exitCode !== null) throw new Error(`${this.name} has ended:\n${this.output}`);
        return this.isReady();
      },
      READY_MS,
    ).catch((error: unknown) => {
      throw new Error(`${this.name} did not start:\n${this.output}`, { cause: error });
    });
  }

  async isReady(): Promise<boolean> {
    const response = await fetch(this.healthUrl).catch(() => null);
    return response?.status === 200;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Lets it close; rejects when it does not within its time or not with 0. */
  async stop(): Promise<void> {
    if (!this.child) return;
    const cutOff = setTimeout(() => this.child?.kill('SIGKILL'), STOP_MS);
    const code = await this.end('SIGTERM');
    clearTimeout(cutOff);
    if (code !== 0) throw new Error(`${this.name} did not close in order (${code}):\n${this.output}`);
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child) return 0;
    this.child = null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
}
