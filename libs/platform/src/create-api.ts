import { randomUUID } from 'node:crypto';
import type { Access, Api } from '@assay/contracts/http';
import { Database, EventFeed, forgetOldRequests } from '@assay/db';
import fastifyCookie from '@fastify/cookie';
import type { Provider, Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessGuard } from './access.guard.js';
import { authorise } from './authorise.js';
import type { AssayRequest } from './call.js';
import { CONFIG, type Config } from './config.js';
import { HealthController, QUEUE_HEALTH, type QueueHealth } from './health.controller.js';
import { takeJsonInUtf8 } from './json-body.js';
import { LOGGER, type Logger, NestLogger } from './logger.js';
import { METRICS, measureDatabase, Registry } from './metrics.js';
import { observeRequests } from './observe-requests.js';
import { buildOpenApi } from './openapi.js';
import { ProblemFilter, sendProblem, toProblem } from './problem.filter.js';
import { assertRoutesMatchRegistry, type PageRoute } from './registry-check.js';
import { type SocketRoute, serveSockets } from './socket-route.js';
import { SWAGGER_PAGES, serveSwagger } from './swagger.js';
import { answerUnreadable } from './unreadable-request.js';
import { endUnusedConnections } from './unused-connections.js';

const BODY_LIMIT_BYTES = 1024 * 1024;
const FORGET_EVERY_MS = 3_600_000;

export interface ApiOptions {
  api: Api;
  /** Where callers reach it: cookies are secure, and origins ours, by this. */
  ownUrl: string;
  controllers: Type[];
  /** What the controllers need besides the database, the event feed, the configuration and the logger. */
  providers: Provider[];
  queue: QueueHealth & { close(): Promise<void> };
  config: Config;
  logger: Logger;
  pages?: Pages[];
  sockets?: SocketRoute;
}

/** HTML pages and their files, which are no endpoints. */
export interface Pages {
  /** Who may see any of them. */
  access: Access;
  /** Each route that `serve` adds must be named here. */
  routes: PageRoute[];
  serve: (fastify: FastifyInstance, db: Database) => void;
}

/**
 * Builds one of our HTTP APIs: Nest on Fastify with sessions and access, problem documents, idempotency, OpenAPI and
 * health. Throws when the routes and the registry differ. The caller listens and closes.
 */
export async function createApi(options: ApiOptions): Promise<NestFastifyApplication> {
  const { api, config, logger } = options;
  if (!config.databaseUrl) throw new Error('DATABASE_URL is not set');
  const registry = new Registry();
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500 },
    // Before any hook: an address that cannot be read.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      observe(request, reply);
      reply.headers(headersOfEveryAnswer(request.id));
      sendProblem(reply, toProblem(error, request.id, logger));
    },
    // Before there is a request: what Node could not read.
    clientErrorHandler: (error, socket) => answerUnreadable(error, socket, headersOfEveryAnswer, logger),
  });
  const fastify: FastifyInstance = adapter.getInstance();
  const shutdown = new AbortController();
  endUnusedConnections(fastify.server, shutdown.signal);
  const logHealth = config.environment === 'development';
  const observe = observeRequests(fastify, { logger, registry, logHealth });
  const served = await prepare(fastify, options, shutdown.signal);

  const db = new Database(config.databaseUrl);
  measureDatabase(registry, db);
  const forget = () =>
    void forgetOldRequests(db).catch((error: unknown) =>
      logger.warn({ err: error }, 'old requests not forgotten'),
    );
  const forgetting = setInterval(forget, FORGET_EVERY_MS).unref();
  const feed = new EventFeed(db);
  let closeSockets = async () => {};
  // Nest's hooks: its application is a proxy that silently drops an assignment to `close`.
  const lifecycle = {
    async onModuleDestroy() {
      clearInterval(forgetting);
      // Before the server closes, which waits for every connection; and while Postgres can still be written to.
      await closeSockets();
      // Open streams would keep the server from closing.
      shutdown.abort();
    },
    async onApplicationShutdown() {
      await feed.close();
      await options.queue.close();
      await db.close();
    },
  };
  const module = {
    module: class ApiModule {},
    controllers: [HealthController, ...options.controllers],
    providers: [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: METRICS, useValue: registry },
      { provide: Database, useValue: db },
      { provide: EventFeed, useValue: feed },
      { provide: QUEUE_HEALTH, useValue: options.queue },
      ...options.providers,
      { provide: 'lifecycle', useValue: lifecycle },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  try {
    for (const pages of options.pages ?? []) servePages(fastify, pages, db, logger);
    serveSwagger(fastify, api.title, buildOpenApi(api));
    await app.init();
    if (options.sockets) {
      closeSockets = serveSockets(options.sockets, app.get(options.sockets.handler), {
        server: fastify.server,
        ownUrl: options.ownUrl,
        realm: api.realm,
        db,
        logger,
        headersOf: headersOfEveryAnswer,
      });
    }
    await fastify.ready();
    assertRoutesMatchRegistry(served, api.endpoints, [
      ...SWAGGER_PAGES,
      ...(options.pages ?? []).flatMap(({ routes }) => routes),
    ]);
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

/** Pages do not go through Nest: what its guard and its filter do for endpoints is done here. */
function servePages(fastify: FastifyInstance, { access, serve }: Pages, db: Database, logger: Logger): void {
  void fastify.register((scope, _, done) => {
    // The requests of createApi's Fastify are decorated with what AssayRequest adds.
    scope.addHook('onRequest', (request) => authorise(request as AssayRequest, access, db));
    scope.setErrorHandler((error, request, reply) =>
      sendProblem(reply, toProblem(error, request.id, logger)),
    );
    serve(scope, db);
    done();
  });
}

const headersOfEveryAnswer = (requestId: string) => ({
  'x-request-id': requestId,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
});

/** Hooks and plugins that must stand before the first route. Gives the list that fills with the routes served. */
async function prepare(
  fastify: FastifyInstance,
  { api, ownUrl, logger }: ApiOptions,
  shutdown: AbortSignal,
): Promise<string[]> {
  const served: string[] = [];
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) served.push(`${one} ${url}`);
  });
  fastify.removeContentTypeParser('text/plain');
  takeJsonInUtf8(fastify);
  await fastify.register(fastifyCookie);
  fastify.decorateRequest('realm', api.realm);
  fastify.decorateRequest('ownUrl', ownUrl);
  fastify.decorateRequest('caller', null);
  fastify.decorateRequest('logger', { getter: () => logger });
  fastify.decorateRequest('shutdown', { getter: () => shutdown });
  // With callbacks: an async hook costs every request a promise and its turns.
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(headersOfEveryAnswer(request.id));
    done();
  });
  fastify.addHook('onSend', (_, reply, payload, done) => {
    if (shutdown.aborted) reply.header('connection', 'close');
    done(null, payload);
  });
  return served;
}
