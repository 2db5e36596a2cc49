import { Gauge, Histogram, type Registry } from 'prom-client';

/** Up to where log-ins, saves and lists are; more than 10 s is a request that nobody waited for. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface AnsweredRequest {
  method: string;
  /** The route's pattern: few values, none of them a secret. */
  route: string;
  status: number;
  durationMs: number;
}

/** Of one API: how long its answers take, and how many streams of events are open. */
export function createRequestMetrics(registry: Registry) {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer; streams of events are not among them',
    labelNames: ['method', 'route', 'status_class'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  const streams = new Gauge({
    name: 'http_event_streams',
    help: 'Open streams of server-sent events',
    registers: [registry],
  });
  return {
    streams,
    observe({ method, route, status, durationMs }: AnsweredRequest): void {
      const labels = { method, route, status_class: `${Math.floor(status / 100)}xx` };
      durations.observe(labels, durationMs / 1000);
    },
  };
}
