import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import type { PageRoute } from './registry-check.js';

export const SWAGGER_PAGES: PageRoute[] = [
  'GET /docs',
  'GET /docs/init.js',
  'GET /docs/openapi.json',
  'GET /docs/swagger-ui.css',
  'GET /docs/swagger-ui-bundle.js',
];

/** Two files, so no plugin that serves folders: what it depends on cannot be loaded by Jest on Node 20. */
const ASSETS = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' };

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI writes style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const page = (title: string) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><div id="swagger"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/init.js"></script></html>`;

const init = `SwaggerUIBundle({ url: '/docs/openapi.json', dom_id: '#swagger', deepLinking: true, tryItOutEnabled: true });`;

/** Swagger UI at /docs, served by us. The requests it sends ride on the reader's own session. */
export function serveSwagger(fastify: FastifyInstance, title: string, document: object): void {
  const { resolve } = createRequire(import.meta.url);
  for (const [file, type] of Object.entries(ASSETS)) {
    const path = resolve(`swagger-ui-dist/${file}`);
    fastify.get(`/docs/${file}`, (_, reply) => reply.type(type).send(createReadStream(path)));
  }
  fastify.get('/docs', (_, reply) =>
    reply.header('content-security-policy', CSP).type('text/html').send(page(title)),
  );
  fastify.get('/docs/init.js', (_, reply) => reply.type('text/javascript').send(init));
  fastify.get('/docs/openapi.json', (_, reply) => reply.send(document));
}
