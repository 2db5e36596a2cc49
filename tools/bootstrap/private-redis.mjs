import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { serviceEnv, serviceUser } from './embedded-postgres.mjs';
import { startProcess } from './processes.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

/** A Redis of our own: never the system's, whose data and settings belong to others. */

export const redisUrl = (port, password) => `redis://:${password}@127.0.0.1:${port}/0`;

/** Resolves to whether Redis lets us in and has loaded its data. */
const isReady = (port, password) =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy(new Error('timed out')));
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\nQUIT\r\n`));
    socket.on('data', (chunk) => (answer += chunk));
    socket.once('close', () => resolve(answer.startsWith('+OK\r\n+PONG\r\n')));
  });

/** Starts Redis on `home`'s data and resolves to its process once it answers. `settings` go into its configuration. */
export async function startRedis(home, port, password, settings = {}) {
  const folder = join(home, 'redis');
  const file = join(folder, 'redis.conf');
  const configuration = {
    bind: '127.0.0.1',
    port,
    requirepass: password,
    // Jobs must survive a restart and must never be evicted for memory: BullMQ breaks without both.
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
    save: '""',
    ...settings,
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lines = Object.entries(configuration).map(([name, value]) => `${name} ${value}\n`);
  await writeFile(file, lines.join(''), { mode: 0o600 });
  await chmod(file, 0o600);
  if (serviceUser.uid !== undefined) {
    await chown(folder, serviceUser.uid, serviceUser.gid);
    await chown(file, serviceUser.uid, serviceUser.gid);
  }
  // Relative to its folder, whose path may hold spaces, which the configuration would have to quote.
  const started = startProcess(home, 'redis', 'redis-server', ['redis.conf'], {
    cwd: folder,
    env: serviceEnv,
    user: serviceUser,
  });
  await waitUntilReady(started, () => isReady(port, password), 30_000);
  return started;
}
