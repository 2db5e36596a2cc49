import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { endpoint, eventStream, NO_CONTENT } from '../http/endpoint.js';
import { createClient, ProblemError } from './client.js';

const Thing = z.object({ id: z.string() });
const base = { access: 'public', summary: '', response: Thing, status: 200 } as const;
const things = {
  getThing: endpoint({
    ...base,
    method: 'GET',
    path: '/v1/things/:thingId',
    params: z.strictObject({ thingId: z.string() }),
    query: z.strictObject({ part: z.string().optional(), limit: z.number().optional() }),
  }),
  makeThing: endpoint({
    ...base,
    method: 'POST',
    path: '/v1/things',
    status: 201,
    body: z.strictObject({ name: z.string() }),
  }),
  touchThing: endpoint({ ...base, method: 'POST', path: '/v1/touch' }),
  dropThing: endpoint({ ...base, method: 'DELETE', path: '/v1/thing', status: 204, response: NO_CONTENT }),
  followThing: endpoint({
    ...base,
    method: 'GET',
    path: '/v1/thing/events',
    response: eventStream(z.object({ says: z.string() })),
  }),
};

const problem = {
  type: '/problems/role.closed',
  title: 'This role is closed',
  status: 409,
  code: 'role.closed',
  detail: 'It takes nobody.',
  requestId: 'r1',
};

/** Lets `fetch` give these responses, one after the other, and keeps what it was called with. */
function serve(...responses: Response[]) {
  const calls: { url: string; init: RequestInit; headers: Record<string, string> }[] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation((url, init = {}) => {
    calls.push({
      url: (url as URL).href,
      init,
      headers: init.headers as Record<string, string>,
    });
    const response = responses.shift();
    return response ? Promise.resolve(response) : Promise.reject(new TypeError('fetch failed'));
  });
  return calls;
}

const withCookies = (...lines: string[]) => {
  const headers = new Headers();
  for (const line of lines) headers.append('set-cookie', line);
  return new Response('{"id":"a"}', { headers });
};
const answer = () => new Response('{"id":"a","more":1}');

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the client', () => {
  it('fills the path, leaves out what is undefined, and cuts the answer to its contract', async () => {
    const calls = serve(answer());
    const client = createClient(things, 'http://api.example:3000');
    const thing = await client.getThing({
      params: { thingId: 'a/b c?' },
      query: { part: undefined, limit: 2 },
    });
    expect(calls[0]?.url).toBe('http://api.example:3000/v1/things/a%2Fb%20c%3F?limit=2');
    expect(calls[0]?.headers).toEqual({ origin: 'http://api.example:3000' });
    expect(thing).toEqual({ id: 'a' });
  });

  it('sends a body as JSON with its key, and none where the contract has none', async () => {
    const calls = serve(answer(), answer());
    const client = createClient(things, 'http://api.example');
    await client.makeThing({ body: { name: 'x' } }, { idempotencyKey: 'k' });
    await client.touchThing();
    expect(calls[0]?.init.body).toBe('{"name":"x"}');
    expect(calls[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'k' });
    expect(calls[1]?.init.body).toBeUndefined();
    expect(calls[1]?.headers).not.toHaveProperty('content-type');
  });

  it('keeps cookies as a browser would, each client its own, until they are cleared', async () => {
    const calls = serve(
      withCookies('a=1; Path=/; HttpOnly', 'b=x=y; Path=/'),
      withCookies('a=; Max-Age=0; Path=/'),
      answer(),
      answer(),
    );
    const client = createClient(things, 'http://api.example');
    for (let i = 0; i < 3; i++) await client.touchThing();
    await createClient(things, 'http://api.example').touchThing();
    expect(calls.map(({ headers }) => headers.cookie)).toEqual([undefined, 'a=1; b=x=y', 'b=x=y', undefined]);
  });

  it('rejects with the problem document, in words that a person can read', async () => {
    serve(new Response(JSON.stringify(problem), { status: 409 }));
    const client = createClient(things, 'http://api.example');
    const rejected = await client.touchThing().catch((error: unknown) => error);
    expect(rejected).toBeInstanceOf(ProblemError);
    expect(rejected).toMatchObject({ problem, message: 'This role is closed: It takes nobody.' });
  });

  it('rejects an answer that breaks its contract, and a server that is not there', async () => {
    serve(new Response('{"id":1}'), new Response('<html>', { status: 502 }));
    const client = createClient(things, 'http://api.example');
    await expect(client.touchThing()).rejects.toThrow();
    await expect(client.touchThing()).rejects.toThrow();
    await expect(client.touchThing()).rejects.toThrow(TypeError);
  });

  it('gives nothing for an answer without a body', async () => {
    serve(new Response(null, { status: 204 }));
    expect(await createClient(things, 'http://api.example').dropThing()).toBeUndefined();
  });

  it('follows a stream from the last sequence that was seen', async () => {
    const calls = serve(new Response('id: 5\ndata: {"says":"hello"}\n\n'));
    const stop = new AbortController();
    const events = await createClient(things, 'http://api.example').followThing(
      {},
      { lastEventId: 4, signal: stop.signal },
    );
    expect(calls[0]?.headers['last-event-id']).toBe('4');
    expect(calls[0]?.init.signal).toBe(stop.signal);
    const seen = [];
    for await (const event of events) seen.push(event);
    expect(seen).toEqual([{ sequence: 5, event: { says: 'hello' } }]);
  });
});
