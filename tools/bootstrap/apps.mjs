import { inCheckout } from './checkout.mjs';
import { startProcess } from './processes.mjs';
import { waitUntilReady } from './wait-until-ready.mjs';

/** What GET /health/ready of a process says: `{ status, checks }` with the HTTP status; rejects while nobody listens. */
async function readHealth(port) {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, {
    signal: AbortSignal.timeout(5_000),
  });
  const body = await response.json().catch(() => ({}));
  return { isReady: response.status === 200, checks: body.checks ?? {} };
}

const isApiReady = async (port) => (await readHealth(port)).isReady;

/**
 * The worker is there once it has made up its mind about the sandbox: resolves to `{ problems }`, empty when it can
 * grade, or to undefined while that is open.
 */
async function isWorkerDecided(port) {
  const { isReady, checks } = await readHealth(port);
  if (isReady) return { problems: [] };
  const { sandbox, database } = checks;
  if (database !== 'ok' || sandbox === undefined || sandbox === 'is proving itself') return undefined;
  return { problems: [sandbox] };
}

const startApp = (home, name, env) =>
  startProcess(
    home,
    name,
    process.execPath,
    ['--enable-source-maps', inCheckout('apps', name, 'dist', 'main.js')],
    {
      cwd: inCheckout(),
      env,
    },
  );

/** Our three processes by name. Each starts one and resolves to `{ started, answer }` once it serves. */
export const apps = {
  'recruiter-api': async (home, ports, env) => {
    const started = startApp(home, 'recruiter-api', env);
    return { started, answer: await waitUntilReady(started, () => isApiReady(ports.recruiterApi), 60_000) };
  },
  'assessment-api': async (home, ports, env) => {
    const started = startApp(home, 'assessment-api', env);
    return { started, answer: await waitUntilReady(started, () => isApiReady(ports.assessmentApi), 60_000) };
  },
  'grading-worker': async (home, ports, env) => {
    const started = startApp(home, 'grading-worker', env);
    // Proving the sandbox takes seconds, on a slow machine many.
    return {
      started,
      answer: await waitUntilReady(started, () => isWorkerDecided(ports.workerHealth), 120_000),
    };
  },
};
