import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { checkoutRoot } from './checkout.mjs';
import { PlainError } from './plain-error.mjs';
import { stopRequest } from './stop-request.mjs';

/**
 * Runs a command in the checkout and collects what it prints.
 * Resolves to `{ code, signal, output }` (stdout and stderr as they came); rejects only when it cannot be started, or ends early because
 * the command itself was asked to end.
 */
export function run(command, args, { env = {}, cwd = checkoutRoot, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: stopRequest,
      ...options,
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, output: Buffer.concat(chunks).toString() }),
    );
  });
}

const mostLines = 60;

/** The beginning and the end of long output: npm tells the problem first, apt last, and both talk in between. */
function withoutMiddle(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= mostLines) return output;
  const half = mostLines / 2;
  return [...lines.slice(0, half), `… ${lines.length - mostLines} lines …`, ...lines.slice(-half)].join('\n');
}

/** As `run`, and throws a PlainError with the command's output unless it ends with status 0. Resolves to the output. */
export async function runQuietly(command, args, options) {
  const { code, signal, output } = await run(command, args, options);
  if (code === 0) return output;
  const line = [basename(command), ...args].join(' ');
  throw new PlainError(`\`${line}\` ended with ${signal ?? `status ${code}`}`, withoutMiddle(output));
}
