import type { EndpointDefinition } from '@assay/contracts/http';
import type { ProblemCode } from '@assay/contracts/problems';
import { HOSTILE_TEXTS } from './hostile-json.js';
import type { HostileRequest } from './hostile-request.js';
import type { RawRequest } from './raw-request.js';
import { queryString, type SampleRequest, schemaOf, targetOf } from './sample-request.js';

/** Paths and queries that are wrong or odd. */
export function hostileAddresses(
  endpoint: EndpointDefinition,
  sample: SampleRequest,
  right: RawRequest,
): HostileRequest[] {
  return [...wrongParams(endpoint, sample, right), ...wrongQueries(endpoint, sample, right)];
}

function wrongParams(
  endpoint: EndpointDefinition,
  sample: SampleRequest,
  right: RawRequest,
): HostileRequest[] {
  const values: [value: string, code: ProblemCode | null][] = [
    ['%', 'request.malformed'],
    ['%zz', 'request.malformed'],
    ['%ff', 'request.malformed'],
    ['%ED%A0%80', 'request.malformed'],
    ['x'.repeat(501), 'request.too_large'],
    ['\xe9', 'request.malformed'],
    ['%00', 'request.invalid'],
    ['..%2F..%2Fv1%2Fsession', 'request.invalid'],
    ['%F0%9F%98%80', 'request.invalid'],
    ["'%20OR%201=1--", 'request.invalid'],
    ['x'.repeat(300), 'request.invalid'],
    ['__proto__', 'request.invalid'],
    ['constructor', null],
    ['00000000-0000-0000-0000-000000000000', null],
    ['..', null],
    ['', null],
  ];
  return Object.keys(sample.params).flatMap((name) =>
    values.map(
      ([value, code]): HostileRequest => ({
        what: `${value.slice(0, 40)} in the path, as ${name}`,
        code,
        pointer: code === 'request.invalid' ? `/params/${name}` : null,
        request: {
          ...right,
          target: targetOf(endpoint, { ...sample.params, [name]: value }, queryString(sample.query)),
        },
      }),
    ),
  );
}

function wrongQueries(
  endpoint: EndpointDefinition,
  sample: SampleRequest,
  right: RawRequest,
): HostileRequest[] {
  const send = (query: string, code: ProblemCode | null, name?: string): HostileRequest => ({
    what: `the query ${query.slice(0, 60)}`,
    code,
    pointer: code && name ? `/query/${name}` : null,
    request: { ...right, target: targetOf(endpoint, sample.params, query) },
  });
  const odd = [
    '&&&',
    '=',
    '%',
    '%ff',
    'a[b]=1',
    '__proto__=1',
    'constructor=1',
    `${'a=1&'.repeat(2_000)}`,
    '?',
  ];
  if (!endpoint.query) return odd.map((query) => send(query, null));
  const { properties = {} } = schemaOf(endpoint.query);
  const others = (name: string) =>
    queryString(Object.fromEntries(Object.entries(sample.query).filter(([key]) => key !== name)));
  const beside = (name: string, query: string) =>
    [others(name), query].filter((part) => part !== '').join('&');
  return [
    ...odd.map((query) => send(query, null)),
    send(beside('', 'a/b=1'), 'request.invalid', 'a~1b'),
    ...Object.entries(properties).flatMap(([name, { type, minimum = 0, maximum = 0 }]) => [
      ...Object.values(HOSTILE_TEXTS)
        // Longer ones are no address any more; those beyond UTF-8 cannot be percent-encoded.
        .filter((text) => text.length < 1_000 && text.isWellFormed() && text !== '')
        .map((text) =>
          send(
            beside(name, `${name}=${encodeURIComponent(text)}`),
            type === 'integer' ? 'request.invalid' : null,
            name,
          ),
        ),
      send(beside(name, `${name}=1&${name}=1`), 'request.invalid', name),
      send(beside(name, `${name}=`), 'request.invalid', name),
      send(beside(name, `${name}=%00`), 'request.invalid', name),
      send(beside(name, `${name}[]=1`), 'request.invalid'),
      send(beside(name, `${name}=${'x'.repeat(5_000)}`), 'request.invalid', name),
      ...(type === 'integer'
        ? [minimum - 1, maximum + 1, 0.5, '1e400', '9007199254740993', 'NaN'].map((value) =>
            send(beside(name, `${name}=${value}`), 'request.invalid', name),
          )
        : []),
    ]),
  ];
}
