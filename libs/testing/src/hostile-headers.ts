import { type EndpointDefinition, isEventStream } from '@assay/contracts/http';
import type { ProblemCode } from '@assay/contracts/problems';
import type { HostileRequest } from './hostile-request.js';
import type { RawRequest } from './raw-request.js';

const VERY_LONG = 'x'.repeat(5_000);

/** Odd values of headers that any endpoint may get, and must not stumble over. */
const ANYWHERE: Readonly<Record<string, readonly string[]>> = {
  cookie: [';;;', '%ff', '__proto__=x', 'assay_staff', 'a=b; '.repeat(1_000), '\xff=\xff'],
  'if-match': ['*', '\xff'],
  'if-none-match': ['W/"x"', VERY_LONG],
  accept: ['image/png'],
  'x-forwarded-for': ['1.2.3.4, \xff'],
  'x-http-method-override': ['DELETE'],
  range: ['bytes=0-1,5-,x'],
  upgrade: ['websocket'],
  'content-encoding': ['gzip'],
};

const EVENT_IDS = ['', '-1', 'abc', '99999999999999999999', '1e9', '0x10', '\xff', VERY_LONG];
const FOREIGN_ORIGINS = [
  'null',
  '',
  'evil',
  'https://evil.example',
  'http://[::1',
  'file:///',
  '\xff',
  VERY_LONG,
];
const IDEMPOTENCY_KEYS = ['a', '\xff\x80', "'; DROP TABLE role; --", '%00', VERY_LONG];

/** Right requests with headers that are odd or wrong, once and twice. */
export function hostileHeaders(endpoint: EndpointDefinition, right: RawRequest): HostileRequest[] {
  const { method, access, response } = endpoint;
  const send = (
    name: string,
    values: readonly string[],
    code: ProblemCode | null = null,
  ): HostileRequest => ({
    what: values.map((value) => `${name}: ${value.slice(0, 40)}`).join(),
    code,
    pointer: code === 'request.invalid' ? `/headers/${name}` : null,
    request: {
      ...right,
      headers: [...(right.headers ?? []), ...values.map((value) => [name, value] as const)],
    },
  });
  const requests = Object.entries(ANYWHERE).flatMap(([name, values]) =>
    values.map((value) => send(name, [value])),
  );
  if (isEventStream(response))
    requests.push(...EVENT_IDS.map((id) => send('last-event-id', [id])), send('last-event-id', ['1', '2']));
  if (method === 'GET') return requests;
  requests.push(
    ...FOREIGN_ORIGINS.map((origin) => send('origin', [origin], 'request.foreign_origin')),
    send('origin', ['https://a.example', 'https://b.example'], 'request.foreign_origin'),
  );
  if (method !== 'POST' || access === 'public') return requests;
  return [
    ...requests,
    ...IDEMPOTENCY_KEYS.map((key) => send('idempotency-key', [key])),
    send('idempotency-key', ['a', 'b']),
    ...['', '  '].map((key) => send('idempotency-key', [key], 'request.invalid')),
  ];
}
