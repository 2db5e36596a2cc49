import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A lock between processes that the kernel gives back when its holder dies, kill -9 included: nothing to clean up.
 *
 * Node has no flock(2). A lock belongs to the open file, not to the process, so util-linux's `flock` takes it on a
 * descriptor that we hold, ends, and the lock stays ours until we close the file. (Children do not inherit it: Node
 * opens files with O_CLOEXEC.)
 */
function takeLock(handle, flag) {
  return new Promise((resolve, reject) => {
    const flock = spawn('flock', [flag, '3'], { stdio: ['ignore', 'ignore', 'inherit', handle.fd] });
    flock.once('error', reject);
    flock.once('close', (code) => resolve(code === 0));
  });
}

/** Resolves to a function that gives the lock back, or to null when another process holds it. */
export async function tryLock(path) {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a', 0o600);
  if (await takeLock(handle, '--nonblock')) return () => handle.close();
  await handle.close();
  return null;
}

/** Runs `work` while holding the lock; calls `onWait` once if it has to wait for it. */
export async function withLock(path, onWait, work) {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a', 0o600);
  try {
    if (!(await takeLock(handle, '--nonblock'))) {
      onWait();
      await takeLock(handle, '--exclusive');
    }
    return await work();
  } finally {
    await handle.close();
  }
}
