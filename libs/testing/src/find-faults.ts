import type { EndpointDefinition } from '@assay/contracts/http';
import fc from 'fast-check';
import { faultOf } from './answer-fault.js';
import { StateWatch } from './database-state.js';
import type { HostileRequest } from './hostile-request.js';
import { hostileRequests } from './hostile-requests.js';
import { anyRequest } from './random-requests.js';
import { type RawAnswer, type RawRequest, sendRaw } from './raw-request.js';
import { type KnownValues, sampleRequest } from './sample-request.js';
import type { TestApi } from './test-api.js';

/** An endpoint, somebody who may call it, and what their requests are about. */
export interface FaultSearch {
  api: TestApi;
  endpoint: EndpointDefinition;
  known: KnownValues;
  /** The cookie of a new session. */
  logIn(): Promise<string>;
}

/**
 * Sends everything hostile that we know to an endpoint. Gives a line for each answer that was wrong and for each
 * refusal that left a trace in the database; none when all is well.
 */
export async function findFaults({ api, endpoint, known, logIn }: FaultSearch): Promise<string[]> {
  const faults: string[] = [];
  const watch = new StateWatch(api.db);
  let cookie = await logIn();
  const send = async ({ what, request, ...wanted }: HostileRequest): Promise<RawAnswer | null> => {
    const withCookie = { ...request, headers: withSession(request, cookie) };
    try {
      const answer = await sendRaw(api.url, withCookie);
      const fault = faultOf(answer, withCookie, wanted);
      if (fault) faults.push(`${what}: ${fault}`);
      return answer;
    } catch (error) {
      faults.push(`${what}: ${(error as Error).message}`);
      return null;
    }
  };

  const requests = hostileRequests(endpoint, sampleRequest(endpoint, known));
  await watch.begin();
  for (const one of requests.filter(({ code }) => code !== null)) await send(one);
  const changes = await watch.changes();
  if (changes.length > 0) faults.push(`requests that are refused have changed ${changes.join()}`);

  for (const one of requests.filter(({ code }) => code === null)) {
    await watch.begin();
    const answer = await send(one);
    if (!answer || endpoint.method === 'GET') continue;
    if (answer.status < 400) {
      if (endpoint.method === 'DELETE') cookie = await logIn();
      watch.forget();
      continue;
    }
    const traces = await watch.changes();
    if (traces.length > 0) faults.push(`${one.what}: it is refused, and changes ${traces.join()}`);
  }
  return faults;
}

/** The same in every run, so that a fault that was found is found again; fast-check prints it with the fault. */
const SEED = 1;
const RUNS = 20;

/** Sends requests at random, in parts right. Rejects with the first, made as short as possible, that does harm. */
export async function assertNoRandomFault({ api, endpoint, known, logIn }: FaultSearch): Promise<void> {
  const watch = new StateWatch(api.db);
  const requests = anyRequest(endpoint, sampleRequest(endpoint, known));
  let cookie = await logIn();
  const property = fc.asyncProperty(requests, async (request) => {
    await watch.begin();
    const withCookie = { ...request, headers: withSession(request, cookie) };
    const answer = await sendRaw(api.url, withCookie);
    const fault = faultOf(answer, withCookie, { code: null });
    if (fault) throw new Error(fault);
    if (endpoint.method === 'GET') return;
    const changes = await watch.changes();
    if (answer.status >= 400 && changes.length > 0)
      throw new Error(`it is refused, and changes ${changes.join()}`);
    if (answer.status < 400 && endpoint.method === 'DELETE') cookie = await logIn();
    watch.forget();
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS });
}

/** Last among the cookies, and the first session of them. */
function withSession({ headers = [] }: RawRequest, cookie: string): [string, string][] {
  const others = headers.filter(([name]) => name === 'cookie').map(([, value]) => value);
  return [
    ...headers.filter(([name]) => name !== 'cookie').map(([name, value]): [string, string] => [name, value]),
    ['cookie', [...others, cookie].join('; ')],
  ];
}
