import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** `npm start` of a checkout, in a process group of its own as a terminal would give it. */
export class RunningStart {
  /** What it has written to stdout and stderr so far. */
  output = '';
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(checkout: string, env: Record<string, string>) {
    // Only what a fresh terminal has: this suite's own services must not leak into it.
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [join(checkout, 'tools', 'bootstrap', 'start.mjs')], {
      cwd: checkout,
      env: { PATH, HOME, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
      this.child.emit('output');
    };
    this.child.stdout?.on('data', collect);
    this.child.stderr?.on('data', collect);
    this.exited = once(this.child, 'close').then(([code]: (number | null)[]) => {
      this.child.emit('output');
      return code ?? null;
    });
  }

  /** Resolves once it has said this; rejects with everything it said when it ends before. */
  async said(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`it ended without saying "${text}":\n${this.output}`);
      }
      await once(this.child, 'output');
    }
  }

  /** What a terminal does on Ctrl-C: a signal to the whole foreground group. Resolves to the exit status. */
  pressCtrlC(): Promise<number | null> {
    process.kill(-(this.child.pid ?? 0), 'SIGINT');
    return this.exited;
  }

  /** Stops it if it still runs. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.pressCtrlC();
  }

  /** kill -9 of the command alone: what it started stays behind. */
  async killHard(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

const readOrEmpty = (read: () => string) => {
  try {
    return read();
  } catch {
    // The process has ended in the meantime, or is not ours to look at.
    return '';
  }
};

/** Command lines of the processes that run from, or work in, one of these folders. */
export function processesOf(...folders: string[]): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const commandLine = readOrEmpty(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).replaceAll(
        '\0',
        ' ',
      );
      const cwd = readOrEmpty(() => readlinkSync(`/proc/${pid}/cwd`));
      return folders.some((folder) => commandLine.includes(folder) || cwd.startsWith(folder))
        ? [commandLine]
        : [];
    });
}
