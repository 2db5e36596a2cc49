import { callControl } from './control-client.js';
import { SIDECAR_PORTS, type SidecarAccess } from './sidecar-access.js';

/** How the upstream answers one request; `status` 200 unless said. */
export interface UpstreamReply {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** In place of `body`; sent as `application/json` unless `headers` name a type. */
  json?: unknown;
  /** Before anything is sent, once the request has been received. */
  delayMs?: number;
  /** `hang`: nothing is ever sent. `reset`: the connection is reset. `stall`: the head and half of the body, then nothing. */
  fault?: 'hang' | 'reset' | 'stall';
}

/** One request that the upstream received; times are milliseconds since 1970, comparable with each other and with the check's. */
export interface UpstreamHit {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** As UTF-8, at most 64 KiB of it. */
  body: string;
  startedMs: number;
  /** Null while it is under way. */
  endedMs: number | null;
  /** `aborted`: the caller broke the connection off. */
  end: 'answered' | 'reset' | 'aborted' | null;
}

/** What a check gets as `upstream`: a service that answers as the check says, and remembers what it was asked. */
export interface UpstreamTool {
  /**
   * Replies for `/price/a1`, `GET /price/a1`, or all that begins alike: `/price/*`. They are given in their order, the last
   * one again and again; a script for the same requests is replaced. What has no script gets 404.
   */
  script(requests: string, ...replies: UpstreamReply[]): Promise<void>;
  /** What was received since the last `reset`, in order; of some requests, as `script` names them, or all. */
  hits(requests?: string): Promise<UpstreamHit[]>;
  /** Connections that are open now, and the most that were open at a time since the last `reset`. */
  sockets(): Promise<{ open: number; peak: number }>;
  /** Forgets scripts and hits. */
  reset(): Promise<void>;
  /** Breaks all connections; new ones are refused until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export function createUpstreamTool({ secret }: SidecarAccess): UpstreamTool {
  const call = (operation: string, argument: object = {}) =>
    callControl({ name: 'upstream', port: SIDECAR_PORTS.upstreamControl, secret }, operation, argument);
  return {
    script: async (requests, ...replies) =>
      void (await call('script', { requests, replies: replies.map(withBody) })),
    hits: async (requests = '/*') => (await call('hits', { requests })) as UpstreamHit[], // our own program's
    sockets: async () => (await call('sockets')) as { open: number; peak: number },
    reset: async () => void (await call('reset')),
    stop: async () => void (await call('stop')),
    start: async () => void (await call('start')),
  };
}

function withBody({ json, ...reply }: UpstreamReply): UpstreamReply {
  if (json === undefined) return reply;
  return {
    ...reply,
    headers: { 'content-type': 'application/json', ...reply.headers },
    body: JSON.stringify(json),
  };
}
