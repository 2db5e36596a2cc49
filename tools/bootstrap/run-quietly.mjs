import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { checkoutRoot } from './checkout.mjs';
import { PlainError } from './plain-error.mjs';

/**
 * Runs a command in the checkout and collects what it prints.
 * Resolves to `{ code, signal, output }` (stdout and stderr as they came); rejects only when it cannot be started.
 */
export function run(command, args, { env = {}, cwd = checkoutRoot, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output: Buffer.concat(chunks).toString() }));
  });
}

/** As `run`, and throws a PlainError with the command's output unless it ends with status 0. Resolves to the output. */
export async function runQuietly(command, args, options) {
  const { code, signal, output } = await run(command, args, options);
  if (code === 0) return output;
  const line = [basename(command), ...args].join(' ');
  throw new PlainError(`\`${line}\` ended with ${signal ?? `status ${code}`}`, output);
}
