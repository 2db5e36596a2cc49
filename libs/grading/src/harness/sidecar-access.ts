/** Servers of ours beside the candidate's, on the loopback of their pod. */
export const SIDECAR_NAMES = ['postgres', 'redis', 'upstream', 'mail', 'balancer'] as const;
export type SidecarName = (typeof SIDECAR_NAMES)[number];

export const SIDECAR_PORTS = {
  postgres: 5432,
  redis: 6379,
  upstream: 4000,
  upstreamControl: 4001,
  mail: 2525,
  mailControl: 2526,
  balancer: 3000,
} as const;

/** Where an instance of the candidate's server listens: 3000, or behind the balancer 3001, 3002. */
export const serverPort = (instances: number, instance: number): number =>
  instances === 1 ? SIDECAR_PORTS.balancer : SIDECAR_PORTS.balancer + instance;

/** Those that checks may stop while the candidate's server runs. */
export const STOPPABLE_SIDECARS = ['postgres', 'redis'] as const;
export type StoppableSidecar = (typeof STOPPABLE_SIDECARS)[number];

/** `stop` lets it end as its own operator would, `kill` does not; `pause` leaves its connections open and silent. */
export const SIDECAR_CHANGES = ['stop', 'kill', 'start', 'pause', 'resume'] as const;
export type SidecarChange = (typeof SIDECAR_CHANGES)[number];

/** What a check needs to speak with the sidecars of its pod. */
export interface SidecarAccess {
  names: SidecarName[];
  /** For what only checks may do. Made for the pod; the candidate's container has never held it. */
  secret: string;
  /** SQL that makes Postgres's tables; null when the task has none. */
  schema: string | null;
}

/** For the candidate, whose server took the port of one that was stopped. */
export const portTaken = (what: string, port: number): string =>
  `Something else listened on port ${port} when ${what} was to come back there.`;
