/**
 * Something the reader of the terminal can act on: shown as its message, without a stack.
 * `details` is longer output (a command's, a log's end) shown below it.
 */
export class PlainError extends Error {
  constructor(message, details = '') {
    super(message);
    this.details = details;
  }
}

/** Prints why a command ends and makes it end with status 1 (once whatever is still open has been closed). */
export function reportAndFail(error) {
  if (error instanceof PlainError) {
    const details = error.details.trim();
    process.stderr.write(`${details === '' ? '' : `\n${details}\n`}\n✗ ${error.message}\n`);
  } else {
    process.stderr.write(`${error?.stack ?? error}\n`);
  }
  process.exitCode = 1;
}
