import type { EndpointDefinition } from '@assay/contracts/http';
import { hostileAddresses } from './hostile-addresses.js';
import { hostileBodies } from './hostile-bodies.js';
import { hostileHeaders } from './hostile-headers.js';
import type { HostileRequest } from './hostile-request.js';
import type { RawRequest } from './raw-request.js';
import { queryString, type SampleRequest, targetOf } from './sample-request.js';

/** The request as it should be, before anything in it is made hostile. */
export function rightRequest(endpoint: EndpointDefinition, sample: SampleRequest): RawRequest {
  const target = targetOf(endpoint, sample.params, queryString(sample.query));
  if (!sample.body) return { method: endpoint.method, target };
  const headers = [['content-type', 'application/json']] as const;
  return { method: endpoint.method, target, headers, body: JSON.stringify(sample.body) };
}

/** Everything that we know to send to one endpoint, made from a request that is right. */
export function hostileRequests(endpoint: EndpointDefinition, sample: SampleRequest): HostileRequest[] {
  const right = rightRequest(endpoint, sample);
  return [
    ...(endpoint.method === 'GET' ? [] : hostileBodies(endpoint, sample, right)),
    ...hostileAddresses(endpoint, sample, right),
    ...hostileHeaders(endpoint, right),
  ];
}
