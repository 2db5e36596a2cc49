import { createServer, type Server } from 'node:http';
import type { HealthReport } from '@assay/contracts/http';
import type { Database } from '@assay/db';
import type { JobProducer } from '@assay/queue';

export interface WorkerHealth {
  db: Database;
  jobs: JobProducer;
  /** Null while the sandbox proves itself, `ok`, or why nothing can be graded here. */
  sandbox: () => string | null;
}

/** /health/live and /health/ready of a process that serves nothing else. Ready: database and sandbox can be used. */
export function createHealthServer({ db, jobs, sandbox }: WorkerHealth): Server {
  const readiness = async (): Promise<HealthReport> => {
    const [database, queue] = await Promise.all([db.isReachable(), jobs.isReachable()]);
    const checks = {
      database: database ? 'ok' : 'does not answer',
      queue: queue ? 'ok' : 'unreachable; jobs wait in the database',
      sandbox: sandbox() ?? 'is proving itself',
    };
    return { status: database && checks.sandbox === 'ok' ? 'ok' : 'unavailable', checks };
  };
  return createServer((request, response) => {
    const send = (status: number, report: HealthReport) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(report));
    if (request.method === 'GET' && request.url === '/health/live') send(200, { status: 'ok', checks: {} });
    else if (request.method === 'GET' && request.url === '/health/ready') {
      readiness().then(
        (report) => send(report.status === 'ok' ? 200 : 503, report),
        () => send(503, { status: 'unavailable', checks: {} }),
      );
    } else response.writeHead(404).end();
  });
}
