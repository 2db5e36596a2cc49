import { once } from 'node:events';
import { connect } from 'node:net';
import { endpoint, getLiveness, getReadiness } from '@assay/contracts/http';
import { findFaultsBelowHttp, openTestApi, problemOf, type TestApi } from '@assay/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { type ApiOptions, createApi } from './create-api.js';
import { Endpoint } from './endpoint.decorator.js';

const getThing = endpoint({
  method: 'GET',
  path: '/v1/thing',
  access: 'public',
  summary: 'A thing',
  status: 200,
  query: z.strictObject({ how: z.enum(['well', 'too-much', 'too-little', 'never', 'slowly']) }),
  response: z.object({ name: z.string(), parts: z.array(z.object({ id: z.number() })) }),
});

const gate = new EventTarget();
const arrived = new EventTarget();

@Controller()
class ThingController {
  @Endpoint(getThing)
  async get({ query }: { query: { how: string } }) {
    const thing = { name: 'thing', parts: [{ id: 1 }] };
    if (query.how === 'never') throw new Error('the password is sesame');
    if (query.how === 'too-little') return { name: 'thing' } as typeof thing;
    if (query.how === 'too-much') return { ...thing, secret: 'sesame', parts: [{ id: 1, secret: 'sesame' }] };
    if (query.how === 'slowly') {
      arrived.dispatchEvent(new Event('arrived'));
      await once(gate, 'open');
    }
    return thing;
  }
}

@Controller()
class StrayController {
  @Get('v1/stray')
  get() {
    return 'nobody has said who may read this';
  }
}

const endpoints = { getLiveness, getReadiness, getThing };
const queue = { isReachable: () => Promise.resolve(false), close: () => Promise.resolve() };

let api: TestApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function open(
  options: Partial<Pick<ApiOptions, 'controllers'>> & { endpoints?: ApiOptions['api']['endpoints'] } = {},
  databaseUrl?: string,
): Promise<TestApi> {
  api = await openTestApi(
    (config, logger) =>
      createApi({
        api: { title: 'Things', realm: 'staff', endpoints: options.endpoints ?? endpoints },
        ownUrl: config.publicUrl,
        controllers: options.controllers ?? [ThingController],
        providers: [],
        queue,
        config,
        logger,
      }),
    databaseUrl ? { databaseUrl } : {},
  );
  return api;
}

const get = (how: string) => (api as TestApi).anonymous().get('/v1/thing').query({ how });

describe('an answer', () => {
  it('is cut to what its contract says, in all its depth', async () => {
    await open();
    expect((await get('too-much')).body).toEqual({ name: 'thing', parts: [{ id: 1 }] });
    expect((await get('well')).body).toEqual({ name: 'thing', parts: [{ id: 1 }] });
  });

  it.each(['too-little', 'never'])('that goes wrong on our side (%s) tells nothing of why', async (how) => {
    const { logged } = await open();
    const answer = await get(how);
    problemOf(answer, 'service.bug');
    expect(answer.text).not.toContain('sesame');
    expect(logged()).toMatch(/"stack":"/);
    expect(logged()).toContain(answer.headers['x-request-id']);
  });
});

describe('what is no request', () => {
  it('is answered with a problem all the same, and the server goes on', async () => {
    const { url, logged } = await open();
    expect(await findFaultsBelowHttp(url)).toEqual([]);
    expect((await get('well')).status).toBe(200);
    expect(logged()).not.toContain('unexpected error');
  });
});

describe('the start', () => {
  it('fails when an endpoint is not served', async () => {
    const missing = endpoint({ ...getThing, path: '/v1/missing' });
    await expect(open({ endpoints: { ...endpoints, missing } })).rejects.toThrow(
      'the registry has GET /v1/missing, but no handler serves it',
    );
  });

  it('fails when a route stands in no registry, whose access nobody has named', async () => {
    await expect(open({ controllers: [ThingController, StrayController] })).rejects.toThrow(
      'GET /v1/stray is served, but stands in no registry',
    );
  });
});

describe('health', () => {
  it('is ready without the queue, since jobs can wait, and says so', async () => {
    const { anonymous } = await open();
    const ready = await anonymous().get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({
      status: 'ok',
      checks: { database: 'ok', queue: 'unreachable; jobs wait in the database' },
    });
  });

  it('is live but not ready without the database, and answers nobody with a stack', async () => {
    const { anonymous } = await open({}, 'postgresql://nobody:x@127.0.0.1:1/nothing');
    expect((await anonymous().get('/health/live')).status).toBe(200);
    const ready = await anonymous().get('/health/ready');
    problemOf(ready, 'service.unavailable');
    expect(ready.headers['retry-after']).toBe('2');
  });
});

describe('closing', () => {
  it('lets an answer under way end, and its connection with it', async () => {
    const opened = await open();
    const coming = once(arrived, 'arrived');
    const answer = get('slowly').then((response) => response);
    await coming;
    const startedAt = performance.now();
    const closing = opened.close();
    api = undefined;
    gate.dispatchEvent(new Event('open'));
    expect((await answer).status).toBe(200);
    await closing;
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('waits for no connection that was opened and never used, as browsers do', async () => {
    const opened = await open();
    const { hostname, port } = new URL(opened.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    expect((await get('well')).status).toBe(200);
    const startedAt = performance.now();
    api = undefined;
    await Promise.all([opened.close(), once(socket, 'close')]);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
