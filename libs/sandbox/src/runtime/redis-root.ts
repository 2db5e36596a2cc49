import type { RootSource } from './root-builder.js';
import { buildServerRoot, hostProgram } from './server-root.js';

/** The host's Redis, as /usr/bin/redis-server. */
export async function buildRedisRoot(source: RootSource): Promise<string> {
  // By its own name: the program behind it decides by that what it is.
  const programs = new Map([['usr/bin/redis-server', await hostProgram('redis-server', 'redis-server')]]);
  return buildServerRoot(source, { name: 'redis', programs, version: '1' });
}
