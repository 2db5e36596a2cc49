/** Progress on stderr: one line that rewrites itself on a terminal, plain lines elsewhere. */
export interface ProgressLine {
  show(text: string): void;
  /** Leaves the terminal as it was. */
  clear(): void;
}

const CLEAR_LINE = '\r\x1b[2K';

export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { show: (text) => void stream.write(`${text}\n`), clear: () => {} };
  return {
    show: (text) => void stream.write(`${CLEAR_LINE}${text.slice(0, (stream.columns || 80) - 1)}`),
    clear: () => void stream.write(CLEAR_LINE),
  };
}
