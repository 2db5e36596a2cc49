import { Buffer } from 'node:buffer';
import { moduleProblem, REMOTE_CAPS } from './remote-problem.js';

const NEWLINE = 0x0a;

/** Puts the lines of a stream together, within the caps. */
export class LineReader {
  /** The line so far: one buffer that grows, because a list of parts costs far more than their bytes when each has one. */
  private buffer = Buffer.alloc(4096);
  private lineBytes = 0;
  private totalBytes = 0;

  /** `capped`: whether the other side may be hostile. */
  constructor(private readonly capped: boolean) {}

  /** The lines that end in this chunk. Throws `ModuleProblem` when a line or all of them are too long. */
  *take(chunk: Buffer): Generator<string> {
    this.totalBytes += chunk.length;
    if (this.capped && this.totalBytes > REMOTE_CAPS.checkBytes) throw moduleProblem.tooMuch();
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.append(chunk.subarray(start, end));
      const line = this.buffer.toString('utf8', 0, this.lineBytes);
      this.lineBytes = 0;
      start = end + 1;
      yield line;
    }
    this.append(chunk.subarray(start));
  }

  private append(part: Buffer): void {
    const bytes = this.lineBytes + part.length;
    if (this.capped && bytes > REMOTE_CAPS.lineBytes) throw moduleProblem.lineTooLong();
    if (bytes > this.buffer.length) {
      const grown = Buffer.alloc(Math.max(2 * this.buffer.length, bytes));
      this.buffer.copy(grown, 0, 0, this.lineBytes);
      this.buffer = grown;
    }
    part.copy(this.buffer, this.lineBytes);
    this.lineBytes = bytes;
  }
}
