import type { Answer, CallName, LanguageCalls } from './protocol.js';

/** Given by the build: where the worker and its declarations lie. */
export interface LanguageAssets {
  startWorker(): Worker;
  typesUrl: string;
}

type Waiting = { settle: (answer: Answer) => void };

/**
 * Speaks to the worker that knows TypeScript. It begins to load with the first call; what has changed in the project
 * is told before whatever is asked. Every question answers null once the worker has failed: the editor works without.
 */
export class LanguageClient {
  private worker: Worker | null = null;
  private opened: Promise<void> | null = null;
  private hasFailed = false;
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();
  private readonly changes = new Map<string, () => string | null>();

  constructor(private readonly assets: LanguageAssets) {}

  /** A file has changed. Its text, null when it is gone, is asked for once somebody wants to know something. */
  tell(path: string, textOf: () => string | null): void {
    this.changes.set(path, textOf);
  }

  async ask<K extends Exclude<CallName, 'open' | 'update'>>(
    name: K,
    takes: LanguageCalls[K]['takes'],
  ): Promise<LanguageCalls[K]['gives'] | null> {
    this.opened ??= this.open();
    await this.opened;
    if (this.hasFailed) return null;
    if (this.changes.size > 0) {
      const files = Object.fromEntries([...this.changes].map(([path, textOf]) => [path, textOf()]));
      this.changes.clear();
      void this.call('update', { files });
    }
    return this.call(name, takes);
  }

  close(): void {
    this.worker?.terminate();
    this.fail();
  }

  /** Fetches the declarations for the worker: its own policy lets it reach nothing. */
  private async open(): Promise<void> {
    try {
      const worker = this.assets.startWorker();
      this.worker = worker;
      worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
        this.waiting.get(data.id)?.settle(data);
        this.waiting.delete(data.id);
      });
      worker.addEventListener('error', () => this.fail());
      const answer = await fetch(this.assets.typesUrl);
      if (!answer.ok) throw new Error(`the declarations: ${answer.status}`);
      const types = await answer.arrayBuffer();
      if ((await this.call('open', { types }, [types])) === null) this.fail();
    } catch {
      this.fail();
    }
  }

  private call<K extends CallName>(
    name: K,
    takes: LanguageCalls[K]['takes'],
    transfer: Transferable[] = [],
  ): Promise<LanguageCalls[K]['gives'] | null> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      const settle = (answer: Answer) => resolve('gives' in answer ? answer.gives : null);
      this.waiting.set(id, { settle });
      this.worker?.postMessage({ id, name, takes }, transfer);
    });
  }

  private fail(): void {
    this.hasFailed = true;
    for (const [id, { settle }] of this.waiting) settle({ id, failed: 'the worker is gone' });
    this.waiting.clear();
  }
}
