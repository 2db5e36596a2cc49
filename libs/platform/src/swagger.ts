import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { PublicPage } from './registry-check.js';

export const SWAGGER_PAGES: PublicPage[] = ['GET /docs', 'GET /docs/init.js', 'GET /docs/openapi.json', 'GET /docs/assets/*'];

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
<link rel="stylesheet" href="/docs/assets/swagger-ui.css"><div id="swagger"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/init.js"></script></html>`;

const init = `SwaggerUIBundle({ url: '/docs/openapi.json', dom_id: '#swagger', deepLinking: true, tryItOutEnabled: true });`;

/** Swagger UI at /docs, served by us. The requests it sends ride on the reader's own session. */
export async function serveSwagger(fastify: FastifyInstance, title: string, document: object): Promise<void> {
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  await fastify.register(fastifyStatic, { root: assets, prefix: '/docs/assets/', index: false, decorateReply: false });
  fastify.get('/docs', (_, reply) => reply.header('content-security-policy', CSP).type('text/html').send(page(title)));
  fastify.get('/docs/init.js', (_, reply) => reply.type('text/javascript').send(init));
  fastify.get('/docs/openapi.json', (_, reply) => reply.send(document));
}
