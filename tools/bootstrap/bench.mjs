import { loadavg } from 'node:os';
import { apps } from './apps.mjs';
import { inCheckout } from './checkout.mjs';
import { createEmbeddedDatabase, letRolesLogIn, migrate, seed } from './database.mjs';
import { installSystemTools } from './install-system-tools.mjs';
import { PlainError, reportAndFail } from './plain-error.mjs';
import { findFreePorts } from './ports.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { say, step } from './progress.mjs';
import { runInForeground } from './run-in-foreground.mjs';
import { isStop, listenForStopRequest, stopStatus } from './stop-request.mjs';
import { startTestServices } from './test-services.mjs';

/**
 * `npm run bench -- <suite> [--json] [--quick]`: a system of its own, as `npm start` would run it, and what measures it
 * (test/load). stdout holds the figures only. docs/figures.md says what each suite measures.
 */
const [suite, ...options] = process.argv.slice(2);

/** What each suite needs to be running, and the Debian packages for it. */
const suites = {
  api: { processes: ['recruiter-api', 'assessment-api'], tools: ['redis-server'] },
  // It starts workers by itself.
  grading: {
    processes: ['recruiter-api', 'assessment-api'],
    tools: ['redis-server', 'bubblewrap', 'util-linux'],
  },
};

/** The environment of our processes, in which nothing of the caller's (LOG_LEVEL, NODE_ENV) changes a figure. */
const environmentOf = ({ home, redisUrl }, ports, urls) => ({
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  ASSAY_HOME: home,
  ASSAY_PORT: String(ports.recruiterApi),
  DATABASE_URL: urls.api,
  WORKER_DATABASE_URL: urls.worker,
  REDIS_URL: redisUrl,
  ASSAY_PUBLIC_URL: `http://127.0.0.1:${ports.recruiterApi}`,
  ASSAY_CANDIDATE_URL: `http://127.0.0.1:${ports.assessmentApi}`,
});

/** Starts a suite's processes on fresh data. Resolves to what test/load wants to know of the system. */
async function startSystem(services, processes) {
  const { home, secrets, postgresPort } = services;
  const ownerUrl = await createEmbeddedDatabase(postgresPort, secrets);
  await migrate(ownerUrl);
  const urls = await letRolesLogIn(ownerUrl, postgresPort, secrets);
  const login = await seed(ownerUrl, home, true);
  const ports = await findFreePorts();
  const environment = environmentOf(services, ports, urls);
  await Promise.all(processes.map((name) => apps[name](home, ports, environment)));
  return { environment, login, ownerUrl };
}

async function main() {
  const loadAverageBefore = loadavg()[0];
  if (!Object.hasOwn(suites, suite)) {
    throw new PlainError(`usage: npm run bench -- <${Object.keys(suites).join(' or ')}> [--json] [--quick]`);
  }
  const { processes, tools } = suites[suite];
  listenForStopRequest();
  await prepareCheckout();
  await installSystemTools(tools);
  const services = await step('Postgres and Redis', () => startTestServices({ durable: true }));
  try {
    const system = await step('the system', () => startSystem(services, processes));
    process.exitCode = await runInForeground(
      inCheckout('test', 'load', 'dist', 'main.js'),
      [suite, ...options],
      { ASSAY_BENCH_SYSTEM: JSON.stringify({ ...system, loadAverageBefore }) },
    );
  } finally {
    await services.stop();
  }
}

main()
  .catch((error) => {
    if (!isStop(error)) return reportAndFail(error);
    say('ended before the measurements were');
    process.exitCode = stopStatus();
  })
  .finally(() => process.exit());
