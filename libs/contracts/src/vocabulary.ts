import { z } from 'zod';

/** The words of the product's glossary that travel between parts, each with its only spelling. */

export const COMPETENCIES = ['async', 'rest', 'npm', 'sql', 'nosql', 'sec', 'perf', 'struct', 'own'] as const;
export const Competency = z.enum(COMPETENCIES);
export type Competency = z.infer<typeof Competency>;

/** What a role may ask for and a check may be tagged with. */
export const TARGET_LEVELS = ['junior', 'mid', 'senior'] as const;
export const TargetLevel = z.enum(TARGET_LEVELS);
export type TargetLevel = z.infer<typeof TargetLevel>;

/** Where a candidate may stand, lowest first. */
export const LEVELS = ['below_junior', ...TARGET_LEVELS] as const;
export const Level = z.enum(LEVELS);
export type Level = z.infer<typeof Level>;

export const CHECK_KINDS = ['functional', 'edge', 'operability', 'security', 'performance'] as const;
export const CheckKind = z.enum(CHECK_KINDS);
export type CheckKind = z.infer<typeof CheckKind>;

export const VERDICTS = [
  'passed',
  'failed',
  'timed_out',
  'memory_exceeded',
  'output_exceeded',
  'crashed',
  'skipped',
] as const;
/** A check's outcome. Anything but `passed` is the candidate's; our own failures end the grading instead. */
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

export const OUTCOMES = ['completed', 'platform_failure'] as const;
/** How a grading ended. `platform_failure` never costs the candidate anything. */
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

/** What candidates write: a server that is spoken to over HTTP, or a module whose functions are called. */
export const TaskMode = z.enum(['http', 'function']);
export type TaskMode = z.infer<typeof TaskMode>;

/** A run gives the sample checks' results once, or is the candidate's server itself, live. */
export const RUN_KINDS = ['checks', 'server'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** Why a live run has ended: the candidate's doing, its time, or its server's own end. */
export const RunEnd = z.enum(['stopped', 'idle', 'time_limit', 'submitted', 'exited', 'no_server']);
export type RunEnd = z.infer<typeof RunEnd>;

/** What waits for a worker. 0: being worked on; 1: next; null: neither waiting nor worked on. */
export const QueuePosition = z.number().int().min(0).nullable();

/** A path inside a candidate's project: relative, `/`-separated, no `.` or `..` parts, printable ASCII without `\`. */
export const SourcePath = z
  .string()
  .max(200)
  .regex(
    /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\x20-\x5b\x5d-\x7e]+$/,
    'must be a relative path of printable characters',
  )
  .refine((path) => !path.startsWith('/') && !path.endsWith('/') && !path.includes('//'), {
    message: 'must be a relative path to a file',
  });

export const SourceFile = z.strictObject({ path: SourcePath, content: z.string() });
/** One text file of a project: `path` relative to the project's folder. */
export type SourceFile = z.infer<typeof SourceFile>;

/** One check's verdict with its tags. `message` is a plain sentence; `expected`/`actual` are short renderings. */
export const CheckResult = z.object({
  name: z.string(),
  verdict: Verdict,
  competency: Competency,
  level: TargetLevel,
  weight: z.number().int().min(1).max(3),
  kind: CheckKind,
  ms: z.number().nonnegative(),
  message: z.string().nullable(),
  expected: z.string().nullable(),
  actual: z.string().nullable(),
});
export type CheckResult = z.infer<typeof CheckResult>;
