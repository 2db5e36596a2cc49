import { spawn } from 'node:child_process';
import { checkoutRoot, inCheckout } from './checkout.mjs';
import { stopRequest } from './stop-request.mjs';

/** Runs Jest with these arguments and variables besides our own; resolves to its exit code. */
export function runJest(args, env = {}) {
  const jest = spawn(process.execPath, [inCheckout('node_modules', 'jest', 'bin', 'jest.js'), ...args], {
    cwd: checkoutRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    signal: stopRequest,
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      ...env,
    },
  });
  return new Promise((resolve, reject) => {
    jest.once('error', reject);
    jest.once('close', resolve);
  });
}
