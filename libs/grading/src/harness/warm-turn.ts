import Module from 'node:module';
import { Socket } from 'node:net';
import { resolve } from 'node:path';
import type { Go } from './go.js';
import { rehearse } from './warm-rehearsal.js';

const CONTROL_FD = 5;

async function preload(packages: readonly string[]): Promise<void> {
  for (const name of packages) {
    try {
      await import(name);
    } catch {
      // The program may find it elsewhere, or fail for itself.
    }
  }
}

/** Says `w` when it waits, `g` when it goes; the document in between is the worker's. */
async function told(control: Socket): Promise<Go> {
  control.write('w');
  let document = '';
  // It is still to be answered when all has been read.
  for await (const chunk of control.setEncoding('utf8').iterator({ destroyOnReturn: false }))
    document += String(chunk);
  return JSON.parse(document) as Go; // the worker is the only one who can write here
}

/** What the program is to find. */
function arrange({ program: [file = '', ...args], env }: Go): void {
  process.argv.splice(1, process.argv.length, resolve(file), ...args);
  // eslint-disable-next-line no-restricted-properties -- because it is the program's environment that is made here
  Object.assign(process.env, env);
}

/**
 * Loads the packages, says on descriptor 5 that it waits, and once it is told to go runs the program as if Node had been
 * started with it. `beforeGo` is called just before.
 */
export async function waitForTurn(packages: readonly string[], beforeGo: () => void): Promise<void> {
  const control = new Socket({ fd: CONTROL_FD, allowHalfOpen: true });
  await preload(packages);
  await rehearse(packages);
  arrange(await told(control));
  beforeGo();
  // Neither a descriptor nor a handle of ours is left when the program begins, nor a promise or a frame below it.
  control.once('close', () => process.nextTick(Module.runMain));
  control.end('g', () => control.destroy());
}
