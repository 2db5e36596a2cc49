import { Redis } from 'ioredis';

/**
 * A connection for BullMQ, which wants commands to wait without a limit. It reconnects by itself; errors in between
 * are not worth a log line each, since Postgres holds the truth and the sweeper enqueues again.
 */
export function connectRedis(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  return redis;
}

/** A connection that answers or fails at once: a request must not hang because Redis is down. */
export function connectRedisForRequests(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 2_000 });
  redis.on('error', () => undefined);
  return redis;
}
