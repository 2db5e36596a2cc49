import type { EndpointDefinition, Realm } from '@assay/contracts/http';
import type { CandidateCaller, NewSession, StaffCaller } from '@assay/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from './logger.js';

/** Cookies ignore ports, and both APIs may live on one host: hence two names. */
export const COOKIE: Record<Realm, string> = { staff: 'assay_staff', candidate: 'assay_candidate' };

export type Caller = StaffCaller | CandidateCaller;

/** The caller that a route's access guarantees. */
export type CallerOf<E extends EndpointDefinition> = E['access'] extends 'public'
  ? null
  : E['access'] extends 'candidate'
    ? CandidateCaller
    : StaffCaller;

/** What a handler knows of the request besides its parsed input. */
export interface Call<E extends EndpointDefinition = EndpointDefinition> {
  caller: CallerOf<E>;
  /** Of the request, as its answer and every log line name it. */
  requestId: string;
  /** Aborts when the client has gone or the process shuts down. */
  signal: AbortSignal;
  /** For streams: the last sequence that the client has seen. */
  lastEventId: number;
  /** Sets the session's cookie in the answer. */
  startSession(session: NewSession): void;
  /** Clears the session's cookie in the answer. */
  endSession(): void;
}

/** What create-api.ts decorates every request with; the access guard fills in the caller. */
export interface AssayRequest extends FastifyRequest {
  realm: Realm;
  /** Where callers reach this API, as configured. */
  ownUrl: string;
  shutdown: AbortSignal;
  logger: Logger;
  caller: Caller | null;
}

export function callOf(request: AssayRequest, reply: FastifyReply): Call {
  const name = COOKIE[request.realm];
  const cookie = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.ownUrl.startsWith('https:'),
  } as const;
  return {
    // The access guard has put the caller there that the endpoint's access asks for.
    caller: request.caller as Call['caller'],
    requestId: request.id,
    // On demand: few handlers wait for anything, and an AbortSignal is dear.
    get signal() {
      return signalOfLeaving(request, reply);
    },
    lastEventId: sequenceIn(request.headers['last-event-id']),
    startSession: ({ secret, expiresAt }) =>
      void reply.setCookie(name, secret, { ...cookie, expires: expiresAt }),
    endSession: () => void reply.clearCookie(name, cookie),
  };
}

/** By hand: on Node 20 a signal of AbortSignal.any may be collected as garbage, and then never aborts. */
function signalOfLeaving({ shutdown }: AssayRequest, { raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const leave = () => {
    shutdown.removeEventListener('abort', leave);
    gone.abort();
  };
  if (shutdown.aborted || raw.closed) leave();
  shutdown.addEventListener('abort', leave, { once: true });
  raw.once('close', leave);
  return gone.signal;
}

/** Postgres keeps sequences in four bytes. What is no number means: from the beginning. */
const MAX_SEQUENCE = 2 ** 31 - 1;

function sequenceIn(header: string | string[] | undefined): number {
  const sequence = Number.parseInt(String(header ?? '0'), 10) || 0;
  return Math.min(Math.max(0, sequence), MAX_SEQUENCE);
}
