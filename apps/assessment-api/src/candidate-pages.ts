import { join } from 'node:path';
import { type Database, findOpenInvitation } from '@assay/db';
import { openWebApp, PAGE_CSP, PAGE_STYLE, type PageRoute, pageShell, WEB_APP_FILES } from '@assay/platform';
import type { FastifyInstance } from 'fastify';

/** The addresses of the web app; its router knows the same ones. */
const WEB_PAGES = ['/attempt', '/attempt/practice', '/attempt/ide', '/attempt/done'];

export const CANDIDATE_ROUTES: PageRoute[] = [
  'GET /',
  'GET /a/:secret',
  ...WEB_PAGES.map((path): PageRoute => `GET ${path}`),
  WEB_APP_FILES,
  'GET /pages/style.css',
];

const INVALID_LINK = pageShell({
  title: 'Invitation',
  body: `<h1>This link is no longer valid</h1>
<p>It has expired, or a newer one was sent. Ask the person who invited you for a new link; nothing that you did is lost.</p>`,
});

/** Built beside this app. */
const WEB_APP = join(import.meta.dirname, '../../web/dist/candidate');

/**
 * The candidates' web app. A link that opens nothing is answered 410 with a page of its own, which needs no script. GET
 * changes nothing: mail scanners fetch links.
 */
export function serveCandidatePages(fastify: FastifyInstance, db: Database): void {
  const web = openWebApp(WEB_APP, 'candidate.html');
  web.serveFiles(fastify);
  fastify.get('/', (_, reply) => reply.redirect('/attempt'));
  fastify.get<{ Params: { secret: string } }>('/a/:secret', async (request, reply) => {
    if (await findOpenInvitation(db, request.params.secret)) return web.sendPage(reply);
    return reply.code(410).header('content-security-policy', PAGE_CSP).type('text/html').send(INVALID_LINK);
  });
  for (const path of WEB_PAGES) fastify.get(path, (_, reply) => web.sendPage(reply));
  fastify.get('/pages/style.css', (_, reply) => reply.type('text/css').send(PAGE_STYLE));
}
