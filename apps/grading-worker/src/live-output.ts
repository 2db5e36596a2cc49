import { StringDecoder } from 'node:string_decoder';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunOutputEvent } from '@assay/contracts/events';
import { safeText } from '@assay/grading';
import type { RunStreams } from '@assay/queue';

/** Together, so that a server that prints much is no event a line. */
const TOGETHER_MS = 50;
const MAX_TEXT_LENGTH = 4 * 1024;

/** Tells what a live server writes, in order, in pieces of a few KiB. */
export class LiveOutput {
  /** Rejects when the stream cannot be written any more. */
  readonly broken: Promise<never>;
  private break!: (error: unknown) => void;
  private readonly decoder = new StringDecoder('utf8');
  private text = '';
  private sequence = 0;
  private isWaiting = false;
  private told: Promise<void> = Promise.resolve();

  constructor(
    private readonly streams: RunStreams,
    private readonly runId: string,
  ) {
    this.broken = new Promise<never>((_, reject) => {
      this.break = reject;
    });
    this.broken.catch(() => {}); // whoever holds the run hears of it
  }

  add(chunk: Buffer): void {
    this.text += this.decoder.write(chunk);
    if (this.isWaiting) return;
    this.isWaiting = true;
    void delay(TOGETHER_MS).then(() => {
      this.isWaiting = false;
      this.tellText();
    });
  }

  tell(event: RunOutputEvent): void {
    this.tellText();
    this.send(event);
  }

  /** Resolves when all has been told, or cannot be. */
  async flush(): Promise<void> {
    this.tellText();
    await this.told;
  }

  private tellText(): void {
    const { text } = this;
    this.text = '';
    for (let from = 0; from < text.length; from += MAX_TEXT_LENGTH) {
      const piece = text.slice(from, from + MAX_TEXT_LENGTH);
      this.send({ type: 'output', text: safeText(piece, 2 * MAX_TEXT_LENGTH) });
    }
  }

  private send(event: RunOutputEvent): void {
    this.sequence += 1;
    const { sequence } = this;
    this.told = this.told.then(() => this.streams.tell(this.runId, sequence, event)).catch(this.break);
  }
}
