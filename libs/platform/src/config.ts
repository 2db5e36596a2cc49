import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_000);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** What every process of ours reads from its environment. A secret may come as NAME_FILE: a file that holds it. */
const Environment = z
  .object({
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
    /** First of our ports: recruiter API, +1 assessment API, +2 the worker's health. */
    ASSAY_PORT: port.default(3000),
    /** Address that the APIs listen on. */
    ASSAY_HOST: z.string().default('127.0.0.1'),
    /** Data folder: the sandbox's runtime root and work folders. */
    ASSAY_HOME: z.string().min(1),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    WORKER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    REDIS_URL: z.url({ protocol: /^rediss?$/ }),
    /** Keeps several systems on one Redis apart. */
    ASSAY_QUEUE_PREFIX: z
      .string()
      .regex(/^[\w-]+$/)
      .default('assay'),
    ASSAY_PUBLIC_URL: z.url().optional(),
    ASSAY_CANDIDATE_URL: z.url().optional(),
    ASSAY_DEMO: flag.default(true),
    /** Gradings at once. */
    ASSAY_GRADING_SLOTS: z.coerce.number().int().min(1).max(64).default(1),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  })
  .transform((env) => ({
    environment: env.NODE_ENV,
    host: env.ASSAY_HOST,
    recruiterPort: env.ASSAY_PORT,
    assessmentPort: env.ASSAY_PORT + 1,
    workerHealthPort: env.ASSAY_PORT + 2,
    home: env.ASSAY_HOME,
    databaseUrl: env.DATABASE_URL,
    workerDatabaseUrl: env.WORKER_DATABASE_URL ?? env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    queuePrefix: env.ASSAY_QUEUE_PREFIX,
    publicUrl: env.ASSAY_PUBLIC_URL ?? `http://localhost:${env.ASSAY_PORT}`,
    candidateUrl: env.ASSAY_CANDIDATE_URL ?? `http://localhost:${env.ASSAY_PORT + 1}`,
    demo: env.ASSAY_DEMO,
    gradingSlots: env.ASSAY_GRADING_SLOTS,
    logLevel: env.LOG_LEVEL,
  }));

/** Settings of one process, parsed once at its start and frozen. */
export type Config = Readonly<z.output<typeof Environment>>;

/** Nest's token for the configuration. */
export const CONFIG = Symbol('config');

/** Parses an environment. Throws an Error that lists every wrong value by name. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(withSecretFiles(env));
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

function withSecretFiles(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const values = { ...env };
  for (const [name, file] of Object.entries(env)) {
    if (!name.endsWith('_FILE') || !file || !existsSync(file)) continue;
    values[name.slice(0, -'_FILE'.length)] ??= readFileSync(file, 'utf8').trim();
  }
  return values;
}
