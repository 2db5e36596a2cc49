import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDataFolder, readSecrets } from '../../tools/bootstrap/data-folder.mjs';
import { postgresUrl, startPostgres, superuser } from '../../tools/bootstrap/embedded-postgres.mjs';
import { findFreePort } from '../../tools/bootstrap/ports.mjs';
import { redisUrl, startRedis } from '../../tools/bootstrap/private-redis.mjs';
import { stopAll } from '../../tools/bootstrap/processes.mjs';

/** Something that can be killed as a power cut would, and started again. */
export interface Mortal {
  kill(): Promise<void>;
  /** Resolves once it serves again. */
  start(): Promise<void>;
}

interface Service {
  /** Undefined only when it could not be started. */
  pid: number | undefined;
  exited: Promise<unknown>;
}

/** A Postgres and a Redis of our own, with the settings of `npm start`, that may die. */
export interface MortalServices {
  adminUrl: string;
  redisUrl: string;
  postgres: Mortal;
  redis: Mortal;
  /** Redis, which comes back with nothing of what it held. */
  forgetfulRedis: Mortal;
  stop(): Promise<void>;
}

export async function startMortalServices(): Promise<MortalServices> {
  const home = await mkdtemp(join(tmpdir(), 'assay-chaos-'));
  await makeDataFolder(home);
  await chmod(home, 0o711);
  const secrets = (await readSecrets(home)) as { postgres: string; redis: string };
  const [postgresPort, redisPort]: [number, number] = [await findFreePort(), await findFreePort()];
  const postgres = await mortal(() => startPostgres(home, postgresPort, secrets.postgres));
  const redis = await mortal(() => startRedis(home, redisPort, secrets.redis));
  return {
    adminUrl: postgresUrl(postgresPort, superuser, secrets.postgres, 'postgres'),
    redisUrl: redisUrl(redisPort, secrets.redis),
    postgres,
    redis,
    forgetfulRedis: {
      kill: redis.kill,
      async start() {
        await rm(join(home, 'redis', 'appendonlydir'), { recursive: true, force: true });
        await redis.start();
      },
    },
    async stop() {
      await stopAll(home);
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function mortal(start: () => Promise<Service>): Promise<Mortal> {
  let service = await start();
  return {
    async kill() {
      // The negative id means its whole group: a postmaster's children would else outlive it for a moment.
      if (service.pid === undefined) return;
      process.kill(-service.pid, 'SIGKILL');
      await service.exited;
    },
    async start() {
      service = await start();
    },
  };
}
