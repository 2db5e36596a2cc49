import type { EndpointDefinition } from '@assay/contracts/http';
import type { ProblemCode } from '@assay/contracts/problems';
import { problemOf } from './problem-of.js';
import type { HttpCaller } from './test-api.js';

/** A request to an endpoint that would be well-formed; hostile ones are made from it. */
export interface SampleRequest {
  path: string;
  body?: Record<string, unknown>;
}

interface HostileRequest {
  what: string;
  code: ProblemCode;
  /** Where the problem document must point; null where it cannot point anywhere. */
  pointer: string | null;
  path: string;
  contentType: string;
  body: string;
}

const MORE_THAN_1_MIB = 1024 * 1024 + 1;

/** What no client of ours sends to a POST or PUT, with what each must be answered. */
function hostileRequests(endpoint: EndpointDefinition, { path, body }: SampleRequest): HostileRequest[] {
  const requests: HostileRequest[] = [];
  const add = (
    what: string,
    code: ProblemCode,
    text: string,
    {
      pointer = null,
      contentType = 'application/json',
      at = path,
    }: Partial<Record<string, string | null>> = {},
  ) => requests.push({ what, code, pointer, path: at ?? path, contentType: contentType ?? '', body: text });

  const text = JSON.stringify(body ?? {});
  add('cut-off JSON', 'request.malformed', '{"a":');
  add('no JSON at all', 'request.malformed', 'hello');
  add('a prototype', 'request.malformed', '{"__proto__":{"access":"owner"}}');
  add('plain text', 'request.unsupported_media_type', text, { contentType: 'text/plain' });
  add('a form', 'request.unsupported_media_type', 'a=1', {
    contentType: 'application/x-www-form-urlencoded',
  });
  add('XML', 'request.unsupported_media_type', '<a/>', { contentType: 'application/xml' });
  add('more than 1 MiB', 'request.too_large', JSON.stringify({ a: 'x'.repeat(MORE_THAN_1_MIB) }));
  for (const [parameter, value] of Object.entries(uuidsIn(endpoint, path))) {
    const at = path.replace(value, 'not-a-uuid');
    add(`no UUID as ${parameter}`, 'request.invalid', text, { pointer: `/params/${parameter}`, at });
  }
  if (!endpoint.body || !body) return requests;

  for (const other of ['[]', '"text"', '5', 'true']) {
    add(`${other} for an object`, 'request.invalid', other, { pointer: '' });
  }
  add('100,000 brackets', 'request.invalid', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, { pointer: '' });
  const withField = (name: string, value: unknown) => JSON.stringify({ ...body, [name]: value });
  add('an unknown field', 'request.invalid', withField('a/b~c', 1), { pointer: '/a~1b~0c' });
  for (const [name, value] of Object.entries(body)) {
    add(`a wrong type for ${name}`, 'request.invalid', withField(name, { no: 'such thing' }), {
      pointer: `/${name}`,
    });
    // A password is never stored, so it may hold anything.
    if (typeof value !== 'string' || name === 'password') continue;
    for (const broken of ['\0', '\ud800']) {
      add(`${JSON.stringify(broken)} in ${name}`, 'request.invalid', withField(name, `${value}${broken}`), {
        pointer: `/${name}`,
      });
    }
    add(`a very long ${name}`, 'request.invalid', withField(name, 'x'.repeat(500_000)), {
      pointer: `/${name}`,
    });
  }
  return requests;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** The path's parameters that are UUIDs, by name. */
function uuidsIn(endpoint: EndpointDefinition, path: string): Record<string, string> {
  const values = path.split('/');
  return Object.fromEntries(
    endpoint.path
      .split('/')
      .map((part, i) => [part.slice(1), values[i] ?? ''] as const)
      .filter(([, value]) => UUID.test(value)),
  );
}

/**
 * Sends every hostile request to a POST or PUT, once without and once with an Idempotency-Key. Gives a line for each
 * answer that was not the right problem document; the list is empty when all is well.
 */
export async function findWrongAnswers(
  http: HttpCaller,
  endpoint: EndpointDefinition,
  sample: SampleRequest,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const { what, code, pointer, path, contentType, body } of hostileRequests(endpoint, sample)) {
    for (const key of [null, what]) {
      const request = endpoint.method === 'PUT' ? http.put(path) : http.post(path);
      if (key !== null) request.set('idempotency-key', encodeURIComponent(key));
      const answer = await request.set('content-type', contentType).send(body);
      try {
        const { errors = [] } = problemOf(answer, code);
        const pointers = errors.map((error) => error.pointer);
        if (pointer !== null && !pointers.some((one) => one === pointer || one.startsWith(`${pointer}/`)))
          throw new Error(`it points to ${JSON.stringify(pointers)}, not to ${pointer}`);
      } catch (error) {
        wrong.push(`${what}${key === null ? '' : ' with a key'}: ${(error as Error).message.slice(0, 400)}`);
      }
    }
  }
  return wrong;
}
