/** What a module or its process did that ends the conversation with it; the message is a sentence for the candidate. */
export class ModuleProblem extends Error {
  override name = 'ModuleProblem';
  constructor(
    message: string,
    /** The connection broke or was refused: the module's process may be ending. */
    readonly connectionLost = false,
  ) {
    super(message);
  }
}

/**
 * Caps on what may come from the module's process in one check: together they bound the memory of the check's thread.
 * A line is also the most that either side sends as one message.
 */
export const REMOTE_CAPS = {
  lineBytes: 1024 * 1024,
  checkBytes: 16 * 1024 * 1024,
  messages: 100_000,
  /** Strings, numbers, objects and whatever else, over all messages. */
  values: 250_000,
  /** Functions, errors and other things that are known by number, in each direction. */
  handles: 10_000,
  /** Calls into the check that it has not answered yet. */
  openCalls: 10_000,
  /** What the check has sent and the module's process has not read. */
  unreadBytes: 16 * 1024 * 1024,
} as const;

const mebibytes = (bytes: number) => `${bytes / 1024 / 1024} MiB`;

export const moduleProblem = {
  lost: () =>
    new ModuleProblem('The process of your module ended or closed its connection during this check.', true),
  refused: () => new ModuleProblem("Your module's process no longer accepted the check's connection.", true),
  notExported: (name: string) => new ModuleProblem(`Your module does not export a function ${name}.`),
  closed: () => new ModuleProblem('The check has closed its connection to your module.'),
  unreadable: (what: string) =>
    new ModuleProblem(`Your module's process sent what no call of your module would send: ${what}.`),
  lineTooLong: () =>
    new ModuleProblem(`Your module's process sent more than ${mebibytes(REMOTE_CAPS.lineBytes)} at once.`),
  tooMuch: () =>
    new ModuleProblem(
      `Your module's process sent more than ${mebibytes(REMOTE_CAPS.checkBytes)} during this check.`,
    ),
  tooManyMessages: () =>
    new ModuleProblem(
      `Your module called and answered more than ${REMOTE_CAPS.messages} times during this check.`,
    ),
  tooManyValues: () =>
    new ModuleProblem(`Your module passed more than ${REMOTE_CAPS.values} values during this check.`),
  tooManyHandles: () =>
    new ModuleProblem(
      `Your module and the check passed each other more than ${REMOTE_CAPS.handles} functions and objects.`,
    ),
  tooManyCalls: () =>
    new ModuleProblem(
      `Your module had more than ${REMOTE_CAPS.openCalls} calls of the check's functions running at once.`,
    ),
  notReading: () => new ModuleProblem("Your module's process did not read what the check sent it."),
};
