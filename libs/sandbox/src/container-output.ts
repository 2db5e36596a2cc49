import { Readable } from 'node:stream';
import { SandboxError } from './engine.js';

const TAIL_BYTES = 16 * 1024;
/** What may wait for the reader of stdout. A party that speaks a protocol is read at once; more waiting is a fault. */
const WAITING_BYTES = 1024 * 1024;

/** What a container wrote: counted to a limit, its end kept, stdout passed on. Memory stays bounded whatever comes. */
export interface ContainerOutput {
  /** For `Container.stdout`. */
  readonly stdout: Readable;
  /** Takes a chunk; `onExceeded` has been called once when the sum of all passed the limit. */
  add(chunk: Buffer, isStdout: boolean): void;
  /** For `Container.onOutput`. */
  listen(listener: (chunk: Buffer) => void): void;
  /** No more will come. */
  end(): void;
  tail(): string;
}

/**
 * The container is always read as fast as it writes: waiting for our reader would let a slow one hide a flood from
 * the count. What the reader has not taken is kept up to a bound; beyond it the stream ends with an error for that
 * reader (silent for one who never came).
 */
export function openContainerOutput(limitBytes: number, onExceeded: () => void): ContainerOutput {
  let totalBytes = 0;
  let tail: Buffer[] = [];
  let tailBytes = 0;
  const listeners: ((chunk: Buffer) => void)[] = [];
  const stdout = new Readable({ read: () => undefined });
  stdout.on('error', () => undefined); // nobody is obliged to listen

  const keepTail = (chunk: Buffer) => {
    tail.push(chunk.subarray(-TAIL_BYTES));
    tailBytes += Math.min(chunk.length, TAIL_BYTES);
    if (tailBytes <= 2 * TAIL_BYTES) return;
    // A copy: a view would hold on to the whole chunks.
    tail = [Buffer.from(Buffer.concat(tail).subarray(-TAIL_BYTES))];
    tailBytes = TAIL_BYTES;
  };

  return {
    stdout,
    add(chunk, isStdout) {
      if (totalBytes > limitBytes) return;
      totalBytes += chunk.length;
      keepTail(chunk);
      for (const listener of listeners) listener(chunk);
      if (isStdout && !stdout.destroyed) {
        stdout.push(chunk);
        if (stdout.readableLength > WAITING_BYTES)
          stdout.destroy(new SandboxError(`more than ${WAITING_BYTES} bytes of stdout waited to be read`));
      }
      if (totalBytes > limitBytes) onExceeded();
    },
    listen(listener) {
      if (tailBytes > 0) listener(Buffer.concat(tail).subarray(-TAIL_BYTES));
      listeners.push(listener);
    },
    end: () => void (stdout.destroyed || stdout.push(null)),
    tail: () => new TextDecoder().decode(Buffer.concat(tail).subarray(-TAIL_BYTES)),
  };
}
