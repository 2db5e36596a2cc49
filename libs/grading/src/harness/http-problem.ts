/** What a server did that ends a request without a usable answer; the message is a sentence for the candidate. */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  constructor(
    message: string,
    /** The connection broke or was refused: the server may be ending. */
    readonly connectionLost = false,
    readonly actual: string | null = null,
    /** The server took longer than it may: the verdict is `timed_out`. */
    readonly tooSlow = false,
  ) {
    super(message);
  }
}

/** `1500` → `1.5 s`; the unit a person would use for a timeout. */
export function renderSeconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}

const LOST = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ECONNABORTED']);

export const requestProblem = {
  tooSlow: (label: string, timeoutMs: number) =>
    new HttpProblem(
      `Your server did not finish answering ${label} within ${renderSeconds(timeoutMs)}.`,
      false,
      null,
      true,
    ),
  aborted: (label: string) => new HttpProblem(`The check itself broke off ${label}.`),
  upgraded: (label: string) =>
    new HttpProblem(`Your server answered ${label} by switching to another protocol.`),
  bodyTooLarge: (label: string, bytes: number) =>
    new HttpProblem(`Your server sent more than ${bytes / 1024 / 1024} MiB in answer to ${label}.`),
  tooMuch: (bytes: number) =>
    new HttpProblem(`Your server sent more than ${bytes / 1024 / 1024} MiB during this check.`),
  cutShort: (label: string) =>
    new HttpProblem(`Your server broke the connection before its answer to ${label} was complete.`, true),
  fromError: (label: string, error: NodeJS.ErrnoException): HttpProblem => {
    const code = error.code ?? '';
    if (code === 'ECONNREFUSED') {
      return new HttpProblem(`Your server no longer accepted connections when ${label} was sent.`, true);
    }
    if (LOST.has(code)) {
      return new HttpProblem(`Your server closed the connection without an answer to ${label}.`, true);
    }
    if (code === 'HPE_HEADER_OVERFLOW') {
      return new HttpProblem(`Your server sent more than 16 KiB of headers in answer to ${label}.`);
    }
    if (code.startsWith('HPE_')) {
      return new HttpProblem(`Your server's answer to ${label} is not valid HTTP.`, false, error.message);
    }
    return new HttpProblem(`The request ${label} failed (${code === '' ? error.message : code}).`);
  },
};

export const answerProblem = {
  notJson: (label: string, text: string) =>
    new HttpProblem(
      text === ''
        ? `The answer to ${label} has an empty body where JSON was expected.`
        : `The answer to ${label} is not valid JSON.`,
      false,
      text === '' ? null : text.slice(0, 500),
    ),
};
