import type { EndpointDefinition, RequestOf, ResponseOf } from '../http/index.js';
import { isEventStream } from '../http/index.js';
import { Problem } from '../problems/index.js';
import { readServerSentEvents } from './server-sent-events.js';

/** A problem document that the server answered with. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  constructor(readonly problem: Problem) {
    super([problem.title, problem.detail].filter(Boolean).join(': '));
  }
}

export interface CallOptions {
  idempotencyKey?: string;
  /** For event streams: resume after this sequence. */
  lastEventId?: number;
  signal?: AbortSignal;
}

export type Client<R extends Record<string, EndpointDefinition>> = {
  [K in keyof R]: Record<never, never> extends RequestOf<R[K]>
    ? (request?: RequestOf<R[K]>, options?: CallOptions) => Promise<ResponseOf<R[K]>>
    : (request: RequestOf<R[K]>, options?: CallOptions) => Promise<ResponseOf<R[K]>>;
};

type Fields = Record<string, string | number | boolean | undefined>;
type AnyRequest = { params?: Fields; query?: Fields; body?: unknown };

/**
 * A typed client of one API. Keeps the session's cookie itself, as a browser would.
 * Calls reject with `ProblemError` for a problem document, `TypeError` when the server cannot be reached.
 */
export function createClient<R extends Record<string, EndpointDefinition>>(
  registry: R,
  baseUrl: string,
): Client<R> {
  const cookies = new Map<string, string>();
  const call = async (endpoint: EndpointDefinition, request: AnyRequest = {}, options: CallOptions = {}) => {
    const headers: Record<string, string> = { origin: new URL(baseUrl).origin };
    if (cookies.size > 0) headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    if (endpoint.body) headers['content-type'] = 'application/json';
    if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
    if (options.lastEventId !== undefined) headers['last-event-id'] = String(options.lastEventId);
    const response = await fetch(urlOf(baseUrl, endpoint, request), {
      method: endpoint.method,
      headers,
      // A body of which nothing is required may be left out of the call, not of the request.
      body: endpoint.body ? JSON.stringify(request.body ?? {}) : undefined,
      signal: options.signal,
    });
    keepCookies(cookies, response.headers.getSetCookie());
    if (!response.ok) throw new ProblemError(Problem.parse(await response.json()));
    if (endpoint.response === 'no-content') return undefined;
    if (isEventStream(endpoint.response))
      return readServerSentEvents(response, endpoint.response.eventStream);
    return endpoint.response.parse(await response.json());
  };
  const entries = Object.entries(registry).map(([name, endpoint]) => [
    name,
    (request?: AnyRequest, options?: CallOptions) => call(endpoint, request, options),
  ]);
  // The registry's own types say what each entry takes and gives; `call` treats them all alike.
  return Object.fromEntries(entries) as Client<R>;
}

function urlOf(baseUrl: string, endpoint: EndpointDefinition, request: AnyRequest): URL {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(request.params?.[name])),
  );
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function keepCookies(cookies: Map<string, string>, setCookies: string[]): void {
  for (const line of setCookies) {
    const [pair = ''] = line.split(';');
    const separator = pair.indexOf('=');
    const [name, value] = [pair.slice(0, separator), pair.slice(separator + 1)];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
}
