import type { EndpointDefinition } from '@assay/contracts/http';
import type { ProblemCode } from '@assay/contracts/problems';
import type { z } from 'zod';
import { pointerTo } from './answer-fault.js';
import { hostileFields, withField } from './hostile-json.js';
import type { HostileRequest } from './hostile-request.js';
import type { RawRequest } from './raw-request.js';
import { type SampleRequest, schemaOf } from './sample-request.js';

const JSON_TYPE = [['content-type', 'application/json']] as const;
const TWO_MIB = 2 * 1024 * 1024;
const brackets = (count: number) => '['.repeat(count) + ']'.repeat(count);

/** Bodies and content types that are wrong; where the endpoint takes a body, each of its fields too. */
export function hostileBodies(
  endpoint: EndpointDefinition,
  { body }: SampleRequest,
  right: RawRequest,
): HostileRequest[] {
  const ofNoSchema = [...brokenBodies(right), ...wrongTypes(right)];
  if (!endpoint.body || !body) return ofNoSchema;
  return [...ofNoSchema, ...hugeBodies(right), ...wrongFields(endpoint.body, body, right)];
}

const withBody =
  (right: RawRequest) =>
  (what: string, code: ProblemCode | null, body: string | Uint8Array): HostileRequest => ({
    what,
    code,
    request: { ...right, headers: JSON_TYPE, body },
  });

/** Bodies that no schema is asked about. */
function brokenBodies(right: RawRequest): HostileRequest[] {
  const send = withBody(right);
  return [
    send('cut-off JSON', 'request.malformed', '{"a":'),
    send('no JSON at all', 'request.malformed', 'hello'),
    send('an empty body', 'request.malformed', ''),
    send('a number that is none', 'request.malformed', '{"a":NaN}'),
    send('two bodies', 'request.malformed', '{}{}'),
    send('a prototype', 'request.malformed', '{"__proto__":{"access":"owner"}}'),
    send('a prototype in disguise', 'request.malformed', '{"\\u005f_proto__":{"access":"owner"}}'),
    send('a prototype of a constructor', 'request.malformed', '{"constructor":{"prototype":{"a":1}}}'),
    send('bytes that are no UTF-8', 'request.malformed', Buffer.from('{"a":"\xff\xfe"}', 'latin1')),
    send(
      'UTF-8 of half a surrogate pair',
      'request.malformed',
      Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'),
    ),
    send('UTF-16', 'request.malformed', Buffer.from('{"a":"b"}', 'utf16le')),
    send('2 MiB', 'request.too_large', JSON.stringify({ a: 'x'.repeat(TWO_MIB) })),
  ];
}

/** Each is within the limit of a body. */
function hugeBodies(right: RawRequest): HostileRequest[] {
  const send = withBody(right);
  return [
    send('half a million brackets', null, brackets(500_000)),
    send('170,000 objects in each other', null, `${'{"a":'.repeat(170_000)}1${'}'.repeat(170_000)}`),
    send(
      '50,000 unknown fields',
      null,
      JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`f${i}`, i]))),
    ),
  ];
}

function wrongTypes(right: RawRequest): HostileRequest[] {
  const send = (type: string | null, code: ProblemCode | null): HostileRequest => ({
    what: `the content type ${type}`,
    code,
    request: { body: '{}', ...right, headers: type === null ? [] : [['content-type', type]] },
  });
  const refused = ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'application/jsonx'];
  return [
    ...[...refused, 'multipart/form-data; boundary=x', 'application/vnd.api+json', 'json', '\xff'].map(
      (type) => send(type, 'request.unsupported_media_type'),
    ),
    send(null, 'request.unsupported_media_type'),
    send('', 'request.unsupported_media_type'),
    send('APPLICATION/JSON', null),
    send('application/json; charset=utf-16', null),
    send('application/json;;;=', null),
    send(`application/json; ${'x'.repeat(5_000)}`, null),
  ];
}

function wrongFields(schema: z.ZodType, body: Record<string, unknown>, right: RawRequest): HostileRequest[] {
  const fields = [...hostileFields(schemaOf(schema))];
  return [
    // What no object holds is missing in it.
    ...fields
      .filter(({ path, json }) => path.length > 0 || json !== 'null')
      .map(
        (field): HostileRequest => ({
          what: `${field.what} as ${JSON.stringify(pointerTo(field.path).slice(0, 100))}`,
          code: field.isWrong ? 'request.invalid' : null,
          // The name of a field may be too long to be repeated.
          pointer: field.isWrong
            ? pointerTo((field.path.at(-1) ?? '').length > 100 ? field.path.slice(0, -1) : field.path)
            : null,
          request: { ...right, body: withField(body, field) },
        }),
      ),
    ...Object.keys(body).map(
      (name): HostileRequest => ({
        what: `${name} twice`,
        code: 'request.invalid',
        pointer: pointerTo([name]),
        request: {
          ...right,
          body: JSON.stringify(body).replace(/\}$/, `,${JSON.stringify(name)}:{"no":1}}`),
        },
      }),
    ),
  ];
}
