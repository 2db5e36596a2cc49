import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { apps } from './apps.mjs';
import { checkoutRoot, inCheckout } from './checkout.mjs';
import { findDataFolder, makeDataFolder, readSecrets } from './data-folder.mjs';
import { createEmbeddedDatabase, externalUrls, letRolesLogIn, migrate, seed } from './database.mjs';
import { recordUnknownPostgres, startPostgres } from './embedded-postgres.mjs';
import { tryLock } from './file-lock.mjs';
import { installSystemTools, toolsOfEngine } from './install-system-tools.mjs';
import { PlainError, reportAndFail } from './plain-error.mjs';
import { demandFreePorts, readPorts } from './ports.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';
import { redisUrl, startRedis } from './private-redis.mjs';
import { readOwnLog, stopAll } from './processes.mjs';
import { say, secondsSince, step } from './progress.mjs';
import { runInForeground } from './run-in-foreground.mjs';
import { isStop, listenForStopRequest, stopRequest, stopStatus } from './stop-request.mjs';
import { createSupervisor } from './supervise.mjs';

/**
 * `npm start`: from a bare machine to a running Assay, and again in seconds. Stays in the foreground, keeps its
 * processes running, and on Ctrl-C stops them in order: those that use something before what they use.
 */
const startedAtMs = performance.now();
const { DATABASE_URL, WORKER_DATABASE_URL, REDIS_URL } = process.env;
const demo = process.env.ASSAY_DEMO !== 'false';
/** Set by demo.mjs, which runs the demo itself. */
const leaveDemo = process.argv.includes('--leave-demo-to-me');

/** Takes the data folder for this start, and ends what a killed one left running there. */
async function takeDataFolder(home, reason, ports) {
  await makeDataFolder(home);
  const release = await tryLock(join(home, 'start.lock'));
  if (release === null) {
    throw new PlainError(
      `Assay is running from ${home} already; stop that one first, or set ASSAY_HOME and ASSAY_PORT`,
    );
  }
  if (reason) say(`Data folder: ${home} (${reason})`);
  await recordUnknownPostgres(home);
  const leftovers = await stopAll(home);
  if (leftovers.length > 0) say(`✓ stopped what an earlier start had left running: ${leftovers.join(', ')}`);
  const listening = ['recruiterApi', 'assessmentApi', 'workerHealth'];
  const measured = ['recruiterMetrics', 'assessmentMetrics', 'workerMetrics'];
  const ours = [...listening, ...measured];
  await demandFreePorts(ports, [
    ...ours,
    ...(DATABASE_URL ? [] : ['postgres']),
    ...(REDIS_URL ? [] : ['redis']),
  ]);
  return release;
}

/** Starts what keeps data, brings the schema up to date and seeds. Resolves to `{ urls, login }`. */
async function startData(supervisor, home, ports) {
  const secrets = await readSecrets(home);
  const started = (process) => ({ started: process });
  const services = [
    !DATABASE_URL &&
      supervisor.keep('postgres', () => startPostgres(home, ports.postgres, secrets.postgres).then(started)),
    !REDIS_URL && supervisor.keep('redis', () => startRedis(home, ports.redis, secrets.redis).then(started)),
  ];
  const title = [DATABASE_URL ? [] : 'Postgres', REDIS_URL ? [] : 'Redis'].flat().join(' and ');
  await step(title, () => Promise.all(services), { alwaysSay: title !== '' });
  const ownerUrl = DATABASE_URL ?? (await createEmbeddedDatabase(ports.postgres, secrets));
  await step('database schema', () => migrate(ownerUrl), { alwaysSay: true });
  const urls = DATABASE_URL
    ? externalUrls(DATABASE_URL, WORKER_DATABASE_URL)
    : await letRolesLogIn(ownerUrl, ports.postgres, secrets);
  const login = await step('tasks and organisation', () => seed(ownerUrl, home, demo), { alwaysSay: true });
  return { urls: { ...urls, redis: REDIS_URL ?? redisUrl(ports.redis, secrets.redis) }, login };
}

/** What every process of ours reads from its environment. */
function appEnvironment(home, ports, urls) {
  return {
    ...process.env,
    NODE_ENV: process.env.NODE_ENV ?? 'production',
    ASSAY_HOME: home,
    ASSAY_PORT: String(ports.recruiterApi),
    DATABASE_URL: urls.api,
    WORKER_DATABASE_URL: urls.worker,
    REDIS_URL: urls.redis,
    ASSAY_PUBLIC_URL: process.env.ASSAY_PUBLIC_URL ?? `http://localhost:${ports.recruiterApi}`,
    ASSAY_CANDIDATE_URL: process.env.ASSAY_CANDIDATE_URL ?? `http://localhost:${ports.assessmentApi}`,
    ASSAY_DEMO: String(demo),
    // Everything stops together: no other worker would take over, and gradings are handed back at once.
    ASSAY_DRAIN_SECONDS: process.env.ASSAY_DRAIN_SECONDS ?? '0',
  };
}

/** Starts the two APIs and the worker at once. Resolves to `{ recruiterApi, problems }`: what the worker lacks. */
async function startApps(supervisor, home, ports, env) {
  const keep = (name) => supervisor.keep(name, () => apps[name](home, ports, env));
  const names = ['recruiter-api', 'assessment-api', 'grading-worker'];
  const [recruiter, , worker] = await step(
    'recruiter API, assessment API, grading worker',
    () => Promise.all(names.map(keep)),
    {
      alwaysSay: true,
    },
  );
  return { recruiterApi: recruiter.started, problems: worker.answer.problems };
}

/** Runs the demo once in the life of a data folder; a demo that fails is said, and does not stop the system. */
async function runDemoOnce(home, env) {
  const stamp = join(home, 'demo-has-run');
  if (existsSync(stamp)) return say('  The results of the demo are there; `npm run demo` runs it again.');
  say('… the demo: three candidates take an assessment');
  const urls = {
    ASSAY_HOME: home,
    ASSAY_PUBLIC_URL: env.ASSAY_PUBLIC_URL,
    ASSAY_CANDIDATE_URL: env.ASSAY_CANDIDATE_URL,
  };
  const status = await runInForeground(inCheckout('tools', 'dist', 'demo.js'), [], urls);
  stopRequest.throwIfAborted();
  if (status === 0) await writeFile(stamp, `${new Date().toISOString()}\n`);
  else say('! the demo did not succeed; everything else is up. `npm run demo` tries it again.');
}

/** The one-time link by which the first owner of an empty system comes in; it follows the API's first answer closely. */
async function findSetupLink(recruiterApi) {
  const deadline = performance.now() + 3_000;
  while (performance.now() < deadline) {
    const link = /https?:\/\/[^\s"]+\/setup[^\s"]*/.exec(await readOwnLog(recruiterApi));
    if (link) return link[0];
    await delay(50, undefined, { signal: stopRequest });
  }
  return undefined;
}

async function showTheWay(home, env, login, recruiterApi) {
  const setupLink = demo ? undefined : await findSetupLink(recruiterApi);
  const lines = [
    `Assay is up after ${secondsSince(startedAtMs)}`,
    '',
    `  Staff        ${env.ASSAY_PUBLIC_URL}`,
    `  Candidates   ${env.ASSAY_CANDIDATE_URL}   (by invitation)`,
    login && `  Log in as    ${login.email}   password  ${login.password}`,
    setupLink && `  Set up       ${setupLink}   (once)`,
    `  Logs         ${join(home, 'logs')}`,
    '',
    '  Ctrl-C stops it.',
  ];
  process.stdout.write(`\n${lines.filter((line) => line !== undefined).join('\n')}\n`);
}

async function startEverything(supervisor, home, reason, ports) {
  await prepareCheckout();
  const tools = [...toolsOfEngine(), ...(REDIS_URL ? [] : ['redis-server'])];
  await installSystemTools(tools);
  const { urls, login } = await startData(supervisor, home, ports);
  const env = appEnvironment(home, ports, urls);
  const { recruiterApi, problems } = await startApps(supervisor, home, ports, env);
  for (const problem of problems) say(`! nothing can be graded on this machine: ${problem}`);
  if (demo && !leaveDemo && problems.length === 0) await runDemoOnce(home, env);
  await showTheWay(home, env, login, recruiterApi);
}

async function main() {
  const ports = readPorts();
  const { path: home, reason } = findDataFolder();
  say(`Assay, from ${checkoutRoot}`);
  listenForStopRequest();
  const release = await takeDataFolder(home, reason, ports);
  const supervisor = createSupervisor();
  try {
    await Promise.race([startEverything(supervisor, home, reason, ports), supervisor.failed]);
    if (!stopRequest.aborted) await Promise.race([once(stopRequest, 'abort'), supervisor.failed]);
  } catch (error) {
    if (!isStop(error)) reportAndFail(error);
  } finally {
    const stopping = performance.now();
    const stopped = await stopAll(home);
    if (stopped.length > 0) say(`✓ stopped: ${stopped.join(', ')}  ${secondsSince(stopping)}`);
    await release();
  }
  if (stopRequest.aborted) process.exitCode = stopStatus();
}

main()
  .catch(reportAndFail)
  // Whatever is still waiting, for a process that is no more, must not keep the command alive.
  .finally(() => process.exit());
