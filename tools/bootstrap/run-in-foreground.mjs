import { spawn } from 'node:child_process';
import { stopRequest } from './stop-request.mjs';

/**
 * Runs a Node script with our stdin, stdout, stderr and signals; resolves to the exit status to end with ourselves.
 * `env` is added to our environment.
 */
export async function runInForeground(script, args, env, cwd) {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    cwd,
    signal: stopRequest,
  });
  // Ctrl-C reaches the whole group, the child included: stay until it has ended in its own way.
  const stay = () => {};
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', stay).on('SIGTERM', pass).on('SIGHUP', pass);
  try {
    const { code, signal } = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    return code ?? (signal === 'SIGINT' ? 130 : 143);
  } finally {
    process.off('SIGINT', stay).off('SIGTERM', pass).off('SIGHUP', pass);
  }
}
