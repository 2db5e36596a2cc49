import { PAGE_CSP, PAGE_STYLE, type PageRoute, pageShell } from '@assay/platform';
import type { FastifyInstance } from 'fastify';

export const SETUP_ROUTES: PageRoute[] = [
  'GET /',
  'GET /setup',
  'GET /pages/setup.js',
  'GET /pages/style.css',
];

const form = `<h1>Set up Assay</h1>
<p class="quiet">This link works once. It creates your organisation and you as its owner.</p>
<form>
<label>Organisation <input name="organisation" required maxlength="100" autofocus></label>
<label>Your name <input name="name" required maxlength="100" autocomplete="name"></label>
<label>Email <input name="email" type="email" required autocomplete="username"></label>
<label>Password <input name="password" type="password" required minlength="12" autocomplete="new-password">
<span class="quiet">At least 12 characters.</span></label>
<p role="alert"></p>
<button>Create</button>
</form>`;

/** The secret rides behind '#', which browsers send to nobody: no log, no referrer, no mail scanner gets it. */
const script = `
const form = document.querySelector('form');
const alert = document.querySelector('[role=alert]');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  alert.textContent = '';
  try {
    const body = JSON.stringify({ ...Object.fromEntries(new FormData(form)), secret: location.hash.slice(1) });
    const response = await fetch('/v1/setup', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (response.ok) return location.replace('/docs');
    const problem = await response.json();
    const fields = (problem.errors ?? []).map(({ pointer, message }) => pointer.slice(1) + ': ' + message);
    alert.textContent = [problem.title, problem.detail, ...fields].filter(Boolean).join('. ');
  } catch {
    alert.textContent = 'Assay cannot be reached. Nothing was lost: try again.';
  }
  button.disabled = false;
});`;

/** The page of the one-time set-up link, and the way from / to the API's documentation. */
export function serveSetupPage(fastify: FastifyInstance): void {
  fastify.get('/', (_, reply) => reply.redirect('/docs'));
  fastify.get('/setup', (_, reply) =>
    reply
      .header('content-security-policy', PAGE_CSP)
      .type('text/html')
      .send(pageShell({ title: 'Set up', body: form, script: '/pages/setup.js' })),
  );
  fastify.get('/pages/setup.js', (_, reply) => reply.type('text/javascript').send(script));
  fastify.get('/pages/style.css', (_, reply) => reply.type('text/css').send(PAGE_STYLE));
}
