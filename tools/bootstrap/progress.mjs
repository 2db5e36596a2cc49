/**
 * Steps on the terminal: `✓ what was done  1.2 s`. Everything goes to stderr, so that a command's own stdout
 * (`npm run grade -- --json`) stays clean.
 */
const terminal = process.stderr;
const clearLine = '\r\x1b[2K';
/** Steps faster than this say nothing unless asked to: a second start should not read like a first one. */
const worthSayingMs = 300;

export const say = (line = '') => terminal.write(`${line}\n`);

export const secondsSince = (startedAtMs) => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;

/**
 * Runs `work` as one step and returns what it returns. A terminal shows the running step with its seconds; a log file
 * gets a line when a slow step begins and one when it ends.
 */
export async function step(title, work, { alwaysSay = false } = {}) {
  const startedAtMs = performance.now();
  const showRunning = () => {
    if (terminal.isTTY) terminal.write(`${clearLine}… ${title}  ${secondsSince(startedAtMs)}`);
  };
  const slow = setTimeout(() => {
    if (!terminal.isTTY) say(`… ${title}`);
  }, 2_000);
  const ticking = setInterval(showRunning, 200);
  const end = (line) => {
    clearTimeout(slow);
    clearInterval(ticking);
    if (terminal.isTTY) terminal.write(clearLine);
    if (line !== undefined) say(line);
  };
  try {
    const result = await work();
    const isWorthSaying = alwaysSay || performance.now() - startedAtMs > worthSayingMs;
    end(isWorthSaying ? `✓ ${title}  ${secondsSince(startedAtMs)}` : undefined);
    return result;
  } catch (error) {
    end(`✗ ${title}  ${secondsSince(startedAtMs)}`);
    throw error;
  }
}
