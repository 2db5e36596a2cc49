import { type Database, findInvitationPage } from '@assay/db';
import { escapeHtml, PAGE_CSP, PAGE_STYLE, type PageRoute, pageShell } from '@assay/platform';
import type { FastifyInstance } from 'fastify';

export const INVITATION_ROUTES: PageRoute[] = [
  'GET /',
  'GET /a/:secret',
  'GET /attempt',
  'GET /pages/invitation.js',
  'GET /pages/attempt.js',
  'GET /pages/style.css',
];

type Invitation = NonNullable<Awaited<ReturnType<typeof findInvitationPage>>>;

const invitationBody = ({ organisation, role, minutes, tasks, expiresAt }: Invitation) => `
<h1>${escapeHtml(organisation)} invites you</h1>
<p>This is the assessment for <strong>${escapeHtml(role)}</strong>.</p>
<dl>
<dt>Work</dt><dd>${tasks === 1 ? 'One small project' : `${tasks} small projects`} in Node.js</dd>
<dt>Time</dt><dd>${minutes} minutes, from when you start</dd>
<dt>Open until</dt><dd>${expiresAt.toUTCString()}</dd>
</dl>
<p class="quiet">Opening this page starts nothing. On the next page you read what is graded and recorded;
the clock starts only when you say so.</p>
<p role="alert"></p>
<button>Open my assessment</button>`;

const invalidBody = `<h1>This link is no longer valid</h1>
<p>It has expired, or a newer one was sent. Ask the person who invited you for a new link; nothing that you did is lost.</p>`;

/** GET changes nothing (mail scanners fetch links); this POST exchanges the secret, and no address holds it after. */
const invitationScript = `
const button = document.querySelector('button');
const alert = document.querySelector('[role=alert]');
button?.addEventListener('click', async () => {
  button.disabled = true;
  try {
    const secret = location.pathname.split('/').at(-1);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch('/v1/session', { method: 'POST', headers, body: JSON.stringify({ secret }) });
    if (response.ok) return location.replace('/attempt');
    const problem = await response.json();
    alert.textContent = [problem.title, problem.detail].filter(Boolean).join('. ');
  } catch {
    alert.textContent = 'Assay cannot be reached. Nothing was lost: try again.';
  }
  button.disabled = false;
});`;

const attemptBody = `<h1>Your assessment</h1><p class="quiet" id="state">Loading …</p><dl id="facts"></dl><p id="consent"></p>
<p class="quiet">The browser workspace is not part of this version. The assessment is taken through the API:
<a href="/docs">see its description</a>.</p>`;

const attemptScript = `
const response = await fetch('/v1/attempt');
const state = document.getElementById('state');
if (!response.ok) {
  state.textContent = 'Open the link of your invitation to see your assessment.';
} else {
  const attempt = await response.json();
  const words = { invited: 'Not started', consented: 'Agreed, not started', running: 'The clock is running', closed: 'Closed' };
  state.textContent = attempt.role + ' at ' + attempt.organisation;
  const facts = { State: words[attempt.state], Time: attempt.minutes + ' minutes' };
  if (attempt.closesAt) facts['Ends'] = new Date(attempt.closesAt).toLocaleString();
  for (const [name, value] of Object.entries(facts)) {
    for (const [tag, text] of [['dt', name], ['dd', value]]) {
      document.getElementById('facts').append(Object.assign(document.createElement(tag), { textContent: text }));
    }
  }
  document.getElementById('consent').textContent = attempt.consentText;
}`;

/** The invitation's page and where it leads, in plain HTML. */
export function serveInvitationPages(fastify: FastifyInstance, db: Database): void {
  fastify.get('/', (_, reply) => reply.redirect('/attempt'));
  fastify.get<{ Params: { secret: string } }>('/a/:secret', async (request, reply) => {
    const invitation = await findInvitationPage(db, request.params.secret);
    const page = invitation
      ? pageShell({ title: 'Invitation', body: invitationBody(invitation), script: '/pages/invitation.js' })
      : pageShell({ title: 'Invitation', body: invalidBody });
    return reply
      .code(invitation ? 200 : 410)
      .header('content-security-policy', PAGE_CSP)
      .type('text/html')
      .send(page);
  });
  fastify.get('/attempt', (_, reply) =>
    reply
      .header('content-security-policy', PAGE_CSP)
      .type('text/html')
      .send(pageShell({ title: 'Assessment', body: attemptBody, script: '/pages/attempt.js' })),
  );
  fastify.get('/pages/invitation.js', (_, reply) => reply.type('text/javascript').send(invitationScript));
  fastify.get('/pages/attempt.js', (_, reply) => reply.type('text/javascript').send(attemptScript));
  fastify.get('/pages/style.css', (_, reply) => reply.type('text/css').send(PAGE_STYLE));
}
