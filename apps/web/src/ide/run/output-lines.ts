/** One line that the server has written. */
export interface OutputLine {
  number: number;
  /** When its first letter came, in milliseconds since 1970. */
  atMs: number;
  text: string;
}

/** Older lines give way: a server in a loop must not fill the browser. */
export const MAX_LINES = 2_000;
const MAX_LINE_LENGTH = 4_000;

// Colours and cursor movements of terminals: CSI and OSC sequences, and control characters other than tab and newline.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_TEXT =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** The lines after more text has come; the last one goes on until its newline. */
export function appendOutput(lines: readonly OutputLine[], text: string, atMs: number): OutputLine[] {
  const pieces = text.replaceAll('\r\n', '\n').split('\n');
  const all = [...lines];
  const last = all.pop() ?? { number: 1, atMs, text: '' };
  all.push({ ...last, atMs: last.text === '' ? atMs : last.atMs, text: clean(last.text + pieces[0]) });
  for (const piece of pieces.slice(1)) {
    all.push({ number: (all.at(-1)?.number ?? 0) + 1, atMs, text: clean(piece) });
  }
  return all.slice(-MAX_LINES);
}

/** Without what only a terminal understands. */
function clean(text: string): string {
  const plain = text.replace(NOT_TEXT, '');
  return plain.length > MAX_LINE_LENGTH ? `${plain.slice(0, MAX_LINE_LENGTH)}…` : plain;
}

/** Those that are worth a row: the last one is empty after every newline. */
export const shownLines = (lines: readonly OutputLine[]) =>
  lines.at(-1)?.text === '' ? lines.slice(0, -1) : lines;
