import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { AppError } from '@assay/core/error';
import type { PageRoute, Pages } from '@assay/platform';
import type { JobProducer } from '@assay/queue';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { collectBoard } from './queue-board-parts.js';

const BASE = '/queues';

/** What bull-board's pages ask for as long as nothing can be changed through them (docs/adr/0014-regrade.md). */
const READ_API = [
  '/api/queues',
  '/api/queues/:queueName/:jobId',
  '/api/queues/:queueName/:jobId/logs',
  '/api/queues/:queueName/:jobId/flow',
];
/** Its files lie up to three deep. One route each: Fastify does not tell where the `*` of a route begins. */
const FILES = ['/static/:top', '/static/:top/:middle', '/static/:top/:middle/:last'];
const ENTRIES = ['/', '/queue/:queueName', '/queue/:queueName/:jobId'];

const ROUTES: PageRoute[] = [
  `GET ${BASE}`,
  ...[...ENTRIES, ...READ_API, ...FILES].map((path): PageRoute => `GET ${BASE}${path}`),
];

/** All from here, nothing inline, nothing from elsewhere. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain',
};

const UI_CONFIG = {
  boardTitle: 'Assay queues',
  hideDocsLink: true,
  // Both would tell of the Redis and of who else uses it.
  hideRedisDetails: true,
  showWorkers: false,
};

/** bull-board, for owners: what stands in BullMQ's queues. It reads and changes nothing; jobs hold ids only. */
export function queueBoard(jobs: JobProducer): Pages {
  return { access: 'queue:read', routes: ROUTES, serve: (fastify) => serveBoard(fastify, jobs) };
}

function serveBoard(fastify: FastifyInstance, jobs: JobProducer): void {
  const uiFolder = dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'));
  const { adapter, parts } = collectBoard();
  const board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: { uiBasePath: uiFolder, uiConfig: UI_CONFIG },
  });
  let hasQueues = false;
  const prepare = async () => {
    if (!(await jobs.isReachable())) {
      throw new AppError(
        'service.unavailable',
        'Redis does not answer. Nothing is lost: jobs wait in the database.',
      );
    }
    if (hasQueues) return;
    board.setQueues(jobs.allQueues().map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })));
    hasQueues = true;
  };

  const page = renderPage(uiFolder, parts.entry({ basePath: `${BASE}/`, uiConfig: parts.uiConfig }).params);
  fastify.get(BASE, (_, reply) => reply.redirect(`${BASE}/`));
  for (const path of ENTRIES) {
    fastify.get(`${BASE}${path}`, (_, reply) =>
      reply.header('content-security-policy', CSP).type('text/html').send(page),
    );
  }
  for (const path of READ_API) {
    const handle = parts.read(path);
    fastify.get(`${BASE}${path}`, async (request: FastifyRequest, reply) => {
      await prepare();
      const { params, query, headers } = request;
      const { status = 200, body } = await handle({
        queues: parts.queues,
        uiConfig: parts.uiConfig,
        // bull-board checks both itself.
        params: params as Record<string, string>,
        query: query as Record<string, string>,
        body: {},
        headers: headers as Record<string, string>,
      });
      return reply.code(status).send(body);
    });
  }
  serveFiles(fastify, join(uiFolder, 'dist/static'));
}

/** Only files that are there now, by their exact names: no path of a request meets the file system. */
function serveFiles(fastify: FastifyInstance, folder: string): void {
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file), file]),
  );
  const sendFile = (request: FastifyRequest<{ Params: Record<string, string> }>, reply: FastifyReply) => {
    const file = files.get(Object.values(request.params).join('/'));
    if (!file) throw new AppError('resource.not_found');
    return reply
      .type(TYPES[extname(file)] ?? 'application/octet-stream')
      .header('cache-control', 'private, max-age=3600')
      .send(createReadStream(file));
  };
  for (const path of FILES) fastify.get(`${BASE}${path}`, sendFile);
}

/** bull-board's page with our values, without its fonts from elsewhere and its inline styles. */
function renderPage(uiFolder: string, params: Record<string, string>): string {
  const page = readFileSync(join(uiFolder, 'dist/index.ejs'), 'utf8')
    .replace(/<link href="https:[^>]*>/g, '')
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/ style="[^"]*"/g, '')
    .replace(/<%[=-]\s*(\w+)\s*%>/g, (_, name: string) => params[name] ?? '');
  if (/https?:|<%/.test(page)) throw new Error('bull-board’s page has changed: look at it again');
  return page;
}
