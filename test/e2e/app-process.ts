import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { waitFor } from '@assay/testing';

const APPS = join(import.meta.dirname, '../../apps');
/** The worker proves its sandbox before it is ready, which takes seconds, on a busy machine many. */
const READY_MS = 120_000;
const STOP_MS = 20_000;
const SHOWN_CHARACTERS = 4_000;

/** How production starts each of them: stacks then name the TypeScript source. */
const NODE_OPTIONS = ['--enable-source-maps'];

export interface AppOptions {
  env: Record<string, string>;
  healthUrl: string;
  metricsUrl: string;
}

/** One of our three processes, built, as it runs in production. */
export class AppProcess {
  private child: ChildProcess | null = null;
  private output = '';

  constructor(
    readonly name: string,
    private readonly options: AppOptions,
  ) {}

  /** All that it has printed, over all its starts. */
  get log(): string {
    return this.output;
  }

  /** What Prometheus would read. */
  async readMetrics(): Promise<string> {
    return (await fetch(this.options.metricsUrl)).text();
  }

  /** Of the process that runs now. */
  get pid(): number {
    if (!this.child?.pid) throw new Error(`${this.name} does not run`);
    return this.child.pid;
  }

  /**
   * Resolves once it is ready. Rejects with the end of its output when it ends before that or takes too long; it does not
   * run then. `nodeOptions` and `env` are for this start only.
   */
  async start(nodeOptions: string[] = [], env: Record<string, string> = {}): Promise<void> {
    if (this.isRunning) throw new Error(`${this.name} runs already`);
    const main = join(APPS, this.name, 'dist', 'main.js');
    const child = spawn(process.execPath, [...NODE_OPTIONS, ...nodeOptions, main], {
      env: { PATH: process.env.PATH ?? '', ...this.options.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    await waitFor(
      `${this.name} to be ready`,
      () => {
        if (child.exitCode !== null) throw new Error(`${this.name} has ended:\n${this.shown}`);
        return this.isReady();
      },
      READY_MS,
    ).catch(async (error: unknown) => {
      await this.kill();
      throw new Error(`${this.name} did not start:\n${this.shown}`, { cause: error });
    });
  }

  async isReady(): Promise<boolean> {
    const response = await fetch(this.options.healthUrl).catch(() => null);
    return response?.status === 200;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Sends a signal and resolves with the exit code once it has ended. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child) return 0;
    const exited = once(child, 'exit');
    this.signal(signal);
    if (this.isRunning) await exited;
    this.child = null;
    return child.exitCode;
  }

  /** Sends a signal and does not wait for what comes of it. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Lets it close; rejects when it does not within its time or not with 0. */
  async stop(): Promise<void> {
    if (!this.child) return;
    const cutOff = setTimeout(() => this.child?.kill('SIGKILL'), STOP_MS);
    const code = await this.end('SIGTERM');
    clearTimeout(cutOff);
    if (code !== 0) throw new Error(`${this.name} did not close in order (${code}):\n${this.shown}`);
  }

  private get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  private get shown(): string {
    return this.output.slice(-SHOWN_CHARACTERS);
  }
}
