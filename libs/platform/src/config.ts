import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Seven more ports follow the first. */
const port = z.coerce.number().int().min(1).max(65_528);
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const slots = z.coerce.number().int().min(1).max(64);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/**
 * What every process of ours reads from its environment; `.env.example` is generated from it. Any of them may come as
 * NAME_FILE: a file that holds the value, for secrets.
 */
export const ENVIRONMENT = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('production')
    .meta({ description: 'In development, requests to /health are logged too.' }),
  ASSAY_PORT: port.default(3000).meta({
    description:
      'First of our ports: recruiter API; +1 assessment API; +2 health of the worker; +3 and +4 Postgres and Redis, where we start them; +5, +6 and +7 metrics of the three, in this order.',
  }),
  ASSAY_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ description: "Address that the APIs and the worker's health listen on." }),
  ASSAY_METRICS_HOST: z.string().default('127.0.0.1').meta({
    description:
      'Address that GET /metrics listens on, which asks nobody who they are: one that only Prometheus reaches.',
  }),
  ASSAY_HOME: z.string().min(1).meta({
    description:
      "Data folder; the sandbox's files are made below it, so every user must be able to pass through it.",
  }),
  DATABASE_URL: postgresUrl.optional().meta({
    description: 'Postgres, for the APIs (role assay_api). Each API needs it.',
  }),
  WORKER_DATABASE_URL: postgresUrl.optional().meta({
    description:
      'Postgres, for the worker (role assay_worker, which alone may read hidden checks). DATABASE_URL if not set.',
  }),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .meta({ description: 'Redis for the queues; it must keep what it holds (maxmemory-policy noeviction).' }),
  ASSAY_QUEUE_PREFIX: z
    .string()
    .regex(/^[\w-]+$/)
    .default('assay')
    .meta({ description: 'Keeps several systems on one Redis apart.' }),
  ASSAY_PUBLIC_URL: z.url().optional().meta({
    description: 'Where staff reach the recruiter API. http://localhost:<ASSAY_PORT> if not set.',
  }),
  ASSAY_CANDIDATE_URL: z.url().optional().meta({
    description:
      'Where candidates reach the assessment API; invitation links begin with it. http://localhost:<ASSAY_PORT + 1> if not set.',
  }),
  ASSAY_DEMO: flag.default(true).meta({
    description: 'Whether the seed makes a demo organisation with one owner. false in production.',
  }),
  ASSAY_GRADING_SLOTS: slots
    .default(1)
    .meta({ description: 'Gradings at once in one worker. Runs have slots of their own.' }),
  ASSAY_SANDBOX_ENGINE: z.enum(['bwrap', 'crun', 'runc', 'runsc']).default('bwrap').meta({
    description:
      "What stands between candidates' code and the worker's machine: bubblewrap, or an OCI runtime, which needs its Debian package and tini. runsc is refused, with the reason.",
  }),
  ASSAY_RUN_SLOTS: slots.default(1).meta({ description: 'Runs of sample checks at once in one worker.' }),
  ASSAY_LIVE_RUN_SLOTS: slots.default(4).meta({
    description:
      'Live runs at once in one worker: servers that candidates speak to. They do little most of the time, but each holds the memory of its task.',
  }),
  ASSAY_LIVE_RUN_IDLE_SECONDS: z.coerce.number().int().min(1).max(600).default(60).meta({
    description: 'A live run that nobody has sent a request to for so long is ended.',
  }),
  ASSAY_DRAIN_SECONDS: z.coerce.number().int().min(0).max(600).default(30).meta({
    description:
      'On SIGTERM the worker lets gradings and runs under way end for so long, then hands them back to the queue. 0 under `npm start`, which stops everything at once.',
  }),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .meta({ description: 'Lines of this level and above are written to stdout, as JSON.' }),
});

const Settings = ENVIRONMENT.transform((env) => ({
  environment: env.NODE_ENV,
  host: env.ASSAY_HOST,
  recruiterPort: env.ASSAY_PORT,
  assessmentPort: env.ASSAY_PORT + 1,
  workerHealthPort: env.ASSAY_PORT + 2,
  recruiterMetricsPort: env.ASSAY_PORT + 5,
  assessmentMetricsPort: env.ASSAY_PORT + 6,
  workerMetricsPort: env.ASSAY_PORT + 7,
  metricsHost: env.ASSAY_METRICS_HOST,
  home: env.ASSAY_HOME,
  databaseUrl: env.DATABASE_URL,
  workerDatabaseUrl: env.WORKER_DATABASE_URL ?? env.DATABASE_URL,
  redisUrl: env.REDIS_URL,
  queuePrefix: env.ASSAY_QUEUE_PREFIX,
  publicUrl: env.ASSAY_PUBLIC_URL ?? `http://localhost:${env.ASSAY_PORT}`,
  candidateUrl: env.ASSAY_CANDIDATE_URL ?? `http://localhost:${env.ASSAY_PORT + 1}`,
  gradingSlots: env.ASSAY_GRADING_SLOTS,
  sandboxEngine: env.ASSAY_SANDBOX_ENGINE,
  runSlots: env.ASSAY_RUN_SLOTS,
  liveRunSlots: env.ASSAY_LIVE_RUN_SLOTS,
  liveRunIdleMs: env.ASSAY_LIVE_RUN_IDLE_SECONDS * 1000,
  drainMs: env.ASSAY_DRAIN_SECONDS * 1000,
  logLevel: env.LOG_LEVEL,
}));

/** Settings of one process, parsed once at its start and frozen. */
export type Config = Readonly<z.output<typeof Settings>>;

/** Nest's token for the configuration. */
export const CONFIG = Symbol('config');

/** Parses an environment. Throws an Error that lists every wrong value by name. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const parsed = Settings.safeParse(withSecretFiles(env));
  if (parsed.success) return Object.freeze(parsed.data);
  const issues = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`the configuration is not right:\n${issues.join('\n')}`);
}

/** The process's own configuration; a wrong value prints every issue and ends the process with 1. */
export function readConfigOrExit(): Config {
  try {
    return parseConfig(process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** The environment with what NAME_FILE points to in place of each NAME that is not set. */
export function withSecretFiles(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const values = { ...env };
  for (const [name, file] of Object.entries(env)) {
    if (!name.endsWith('_FILE') || !file || !(name.slice(0, -'_FILE'.length) in ENVIRONMENT.shape)) continue;
    values[name.slice(0, -'_FILE'.length)] ??= readFileSync(file, 'utf8').trim();
  }
  return values;
}
