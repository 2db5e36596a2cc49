import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Database } from '@assay/db';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

export { Registry } from 'prom-client';

/** Nest's token for the process's metrics. */
export const METRICS = Symbol('metrics');

/** Tells how many connections of each of the database's pools are in use, idle or waited for, when it is asked. */
export function measureDatabase(registry: Registry, { pool, lockPool }: Database): void {
  const pools = { queries: pool, locks: lockPool };
  new Gauge({
    name: 'database_connections',
    help: 'Connections to Postgres, by pool and state',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [name, { totalCount, idleCount }] of Object.entries(pools)) {
        this.set({ pool: name, state: 'in_use' }, totalCount - idleCount);
        this.set({ pool: name, state: 'idle' }, idleCount);
      }
    },
  });
  new Gauge({
    name: 'database_connection_waiters',
    help: 'Who waits for a connection to Postgres, by pool',
    labelNames: ['pool'],
    registers: [registry],
    collect() {
      for (const [name, { waitingCount }] of Object.entries(pools)) this.set({ pool: name }, waitingCount);
    },
  });
}

/**
 * GET /metrics for Prometheus, on a port of its own: what is on an API's port is for everyone who reaches the API.
 * Resolves once it listens.
 */
export async function serveMetrics(registry: Registry, port: number, host: string): Promise<Server> {
  collectDefaultMetrics({ register: registry });
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(503).end(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
