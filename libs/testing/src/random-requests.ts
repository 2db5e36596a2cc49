import type { EndpointDefinition } from '@assay/contracts/http';
import fc from 'fast-check';
import { HOSTILE_TEXTS } from './hostile-json.js';
import type { RawRequest } from './raw-request.js';
import { queryString, type SampleRequest, schemaOf, targetOf } from './sample-request.js';

const anyText = fc.oneof(fc.constantFrom(...Object.values(HOSTILE_TEXTS)), fc.string({ unit: 'binary' }));
/** What an address can hold. */
const anyWord = anyText
  .filter((text) => text.length < 1_000)
  .map((text) => encodeURIComponent(text.toWellFormed()));
const anyValue = fc.oneof(fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }), anyText);

/** A right value most of the time, so that one wrong part is met behind those that are right. */
const mostly = <T>(right: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: other });

/** Requests to an endpoint of which each part is right, hostile or noise. */
export function anyRequest(endpoint: EndpointDefinition, sample: SampleRequest): fc.Arbitrary<RawRequest> {
  const params = fc.record(
    Object.fromEntries(Object.entries(sample.params).map(([name, value]) => [name, mostly(value, anyWord)])),
  );
  const queryNames = Object.keys(endpoint.query ? (schemaOf(endpoint.query).properties ?? {}) : {});
  const oneOfQuery = fc.tuple(fc.oneof(fc.constantFrom('x', ...queryNames), anyWord), anyWord);
  const query = mostly(
    queryString(sample.query),
    fc.array(oneOfQuery, { maxLength: 4 }).map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
  );
  const header = fc.tuple(
    fc.constantFrom(
      'idempotency-key',
      'last-event-id',
      'if-match',
      'origin',
      'accept',
      'content-type',
      'cookie',
    ),
    fc.oneof(anyWord, fc.constantFrom('', '*', 'null', '1', '\xff')),
  );
  return fc
    .tuple(
      params,
      query,
      fc.array(header, { maxLength: 3 }),
      endpoint.method === 'GET' ? fc.constant(null) : anyBody(sample),
    )
    .map(([values, asked, headers, body]) => {
      const target = targetOf(endpoint, values, asked);
      if (body === null) return { method: endpoint.method, target, headers };
      return {
        method: endpoint.method,
        target,
        headers: [...headers, ['content-type', 'application/json']],
        body,
      };
    });
}

function anyBody({ body }: SampleRequest): fc.Arbitrary<string | Uint8Array> {
  const fields = Object.entries(body ?? {}).map(([name, value]) => [name, mostly(value, anyValue)]);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record(Object.fromEntries(fields), { requiredKeys: [] })
        .map((value) => JSON.stringify(value)),
    },
    { weight: 1, arbitrary: anyValue.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }) },
  );
}
