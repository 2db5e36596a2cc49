import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOpenToAll, makeDataFolder, readSecrets } from './data-folder.mjs';
import { postgresUrl, startPostgres, superuser } from './embedded-postgres.mjs';
import { findFreePort } from './ports.mjs';
import { redisUrl, startRedis } from './private-redis.mjs';
import { startTicks, stopAll } from './processes.mjs';

/** A Postgres and a Redis that live as long as one run of the tests or the bench, in a folder of their own. */

const prefix = 'assay-test-';
const temporaryRoot = isOpenToAll(tmpdir()) ? tmpdir() : '/tmp';

/** Ends and removes what test runs that were killed have left behind. */
async function sweepAbandoned() {
  for (const name of readdirSync(temporaryRoot).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(temporaryRoot, name);
    try {
      const owner = JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'));
      if (startTicks(owner.pid) === owner.startTicks) continue;
      await stopAll(folder);
      await rm(folder, { recursive: true, force: true });
    } catch {
      // Somebody else's, or one that is being made at this moment.
    }
  }
}

// Nothing in a test needs to survive a crash, and every spec clones a database.
const careless = {
  postgres: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 300 },
  redis: { appendonly: 'no' },
};

/**
 * Resolves to `{ home, secrets, postgresPort, postgresUrl, redisUrl, stop() }`. The URL is the superuser's, on the
 * database `postgres`; `stop` also ends what else was started on `home`. `durable`: both write to disk as `npm start`
 * has them do.
 */
export async function startTestServices({ durable = false } = {}) {
  await sweepAbandoned();
  const home = await mkdtemp(join(temporaryRoot, prefix));
  const stop = async () => {
    await stopAll(home);
    await rm(home, { recursive: true, force: true });
  };
  try {
    await makeDataFolder(home);
    await chmod(home, 0o711);
    await writeFile(
      join(home, 'owner.json'),
      JSON.stringify({ pid: process.pid, startTicks: startTicks(process.pid) }),
    );
    const secrets = await readSecrets(home);
    const [postgresPort, redisPort] = [await findFreePort(), await findFreePort()];
    const settings = durable ? {} : careless;
    await Promise.all([
      startPostgres(home, postgresPort, secrets.postgres, settings.postgres),
      startRedis(home, redisPort, secrets.redis, settings.redis),
    ]);
    return {
      home,
      secrets,
      postgresPort,
      postgresUrl: postgresUrl(postgresPort, superuser, secrets.postgres, 'postgres'),
      redisUrl: redisUrl(redisPort, secrets.redis),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
