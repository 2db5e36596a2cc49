import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageRoute } from './registry-check.js';

/** Where the page's nonce stands in what Vite builds (apps/web/vite.config.mjs). */
const NONCE_PLACEHOLDER = /CSP_NONCE/g;

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Best first; which a file has, its neighbours say. */
const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
];

/** `'self'` covers a WebSocket of the same origin. Styles that a script makes carry the nonce, all else is a file of ours. */
const policyOf = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');

export const WEB_APP_FILES: PageRoute = 'GET /assets/:file';

export interface WebApp {
  /** Answers with the entry page, under the policy of the web side with a nonce of its own. */
  sendPage(reply: FastifyReply): FastifyReply;
  /** Adds `WEB_APP_FILES`. Their names hold a hash of what is in them: they may be kept for ever. */
  serveFiles(fastify: FastifyInstance): void;
}

/** A built entry of apps/web: its page and files. `folder` as Vite has written it. Throws when it is not built. */
export function openWebApp(folder: string, page: string): WebApp {
  const pageFile = join(folder, page);
  if (!existsSync(pageFile)) throw new Error(`${pageFile} is missing: npm run build makes it`);
  const html = readFileSync(pageFile, 'utf8');
  // Looked up by name, so that no path of a request reaches the disk.
  const files = new Set(readdirSync(join(folder, 'assets')));
  return {
    sendPage(reply) {
      const nonce = randomBytes(16).toString('base64url');
      return reply
        .header('content-security-policy', policyOf(nonce))
        .type('text/html; charset=utf-8')
        .send(html.replace(NONCE_PLACEHOLDER, nonce));
    },
    serveFiles(fastify) {
      fastify.get<{ Params: { file: string } }>('/assets/:file', (request, reply) => {
        const { file } = request.params;
        const type = files.has(file) ? MEDIA_TYPES[extname(file)] : undefined;
        if (!type) return reply.callNotFound();
        const encoding = ENCODINGS.find(
          ({ name, ending }) => accepts(request, name) && files.has(file + ending),
        );
        if (encoding) reply.header('content-encoding', encoding.name);
        return reply
          .header('vary', 'accept-encoding')
          .header('cache-control', 'public, max-age=31536000, immutable')
          .type(type)
          .send(createReadStream(join(folder, 'assets', file + (encoding?.ending ?? ''))));
      });
    },
  };
}

const accepts = ({ headers }: FastifyRequest, encoding: string): boolean =>
  String(headers['accept-encoding'] ?? '')
    .split(',')
    .some((one) => one.trim().split(';')[0] === encoding);
