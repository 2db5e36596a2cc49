import type { RedisOptions } from 'ioredis';
import { CheckEnd } from './check-end.js';
import { SIDECAR_PORTS, type SidecarAccess } from './sidecar-access.js';
import type { GuardedControl, SidecarControl } from './sidecar-control.js';

/** What a check gets as `redis`. */
export interface RedisTool extends SidecarControl {
  /** One command, over a connection of its own; its answer as protocol 2 gives it. Rejects with Redis's error. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
  /**
   * How often each command was called by others than this tool since Redis came up, by its name (`get`, `config|set`). Those of
   * connecting (`hello`, `auth`, `client|setinfo`, `info`) are among them.
   */
  commands(): Promise<Record<string, number>>;
}

/** Redis's users are told apart by these; the candidate's server has another. */
const CONNECTION: RedisOptions = {
  host: '127.0.0.1',
  port: SIDECAR_PORTS.redis,
  username: 'checks',
  protocol: 2,
  lazyConnect: true,
  enableReadyCheck: false,
  disableClientInfo: true,
  connectTimeout: 5_000,
  commandTimeout: 5_000,
  retryStrategy: () => null,
};

export function createRedisTool({ secret }: SidecarAccess, control: GuardedControl): RedisTool {
  const loading = import('ioredis'); // takes a while, mostly that of its server's start
  loading.catch(() => {}); // connecting hears of it
  const own = new Map<string, number>();
  const command: RedisTool['command'] = async (name, ...args) => {
    control.demandRunning();
    const { Redis } = await loading;
    const connection = new Redis({ ...CONNECTION, password: secret });
    let why: Error | null = null;
    connection.on('error', (error: Error) => {
      why = error;
    });
    await connection.connect().catch((error: unknown) => {
      throw unreachable(why ?? error);
    });
    for (const called of ['auth', name.toLowerCase()]) own.set(called, (own.get(called) ?? 0) + 1);
    try {
      return await connection.call(name, ...args);
    } finally {
      connection.disconnect();
    }
  };
  const { demandRunning: _, ...changes } = control;
  return {
    ...changes,
    command,
    async start() {
      await control.start();
      own.clear();
    },
    async commands() {
      const before = new Map(own).set('auth', (own.get('auth') ?? 0) + 1);
      const info = String(await command('INFO', 'commandstats'));
      const calls = [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(
        ([, name = '', count]) => [name, Number(count) - (before.get(name) ?? 0)] as const,
      );
      return Object.fromEntries(calls.filter(([, count]) => count > 0));
    },
  };
}

/** A candidate that holds every connection keeps us out; anything else is ours. */
function unreachable(error: unknown): CheckEnd {
  const message = String(error);
  return message.includes('max number of clients')
    ? new CheckEnd('failed', 'All connections of Redis were taken.')
    : new CheckEnd('void', `the sidecar redis does not answer: ${message}`);
}
