import { CheckKind, Competency, SourcePath, TargetLevel } from '@assay/contracts';
import { z } from 'zod';

/** The schema of `task.yaml`; docs/task-format.md explains every field to authors. */

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const kebab = z.string().max(60).regex(KEBAB, 'must be kebab-case (a-z, 0-9 and single hyphens)');
const sentence = (max: number) => z.string().trim().min(1, 'must not be empty').max(max);

export const TaskId = kebab;

export const CheckSpec = z.strictObject({
  name: kebab,
  competency: Competency,
  level: TargetLevel,
  weight: z.int().min(1).max(3),
  kind: CheckKind,
  /** Time for the check itself, counted from the moment the server accepts connections, unless the check starts it. */
  timeoutMs: z.int().min(100).max(180_000).default(5_000),
  /** The sentence of the brief, or of the standing rules, that the check rests on. */
  impliedBy: sentence(300),
});
/** One check as its author describes it; the code lies in `checks/` under the same name. */
export type CheckSpec = z.infer<typeof CheckSpec>;

export const MutantSpec = z.strictObject({
  name: kebab,
  describes: sentence(200),
  /** Hidden checks that must fail on this mutant. */
  fails: z.array(kebab).min(1, 'must name at least one hidden check'),
});
export type MutantSpec = z.infer<typeof MutantSpec>;

const startTimeoutMs = z.int().min(100).max(30_000).default(5_000);

const ServerSpec = z.strictObject({
  /** `node` and its arguments; the first argument is the file to start. */
  command: z.tuple([z.literal('node'), SourcePath], z.string().max(200)),
  startTimeoutMs,
  /** `check`: checks start servers themselves. No default is filled in, so that older tasks keep their content hash. */
  startedBy: z.enum(['harness', 'check']).optional(),
  /** Two servers run the solution, behind a round-robin balancer. Absent: one, without a balancer. */
  instances: z.literal(2).optional(),
});

/** Servers of ours beside the candidate's. */
const SidecarsSpec = z.strictObject({
  /** `schema`: a file of `starter/`, run as the candidate's role before the server starts. */
  postgres: z.strictObject({ schema: SourcePath.optional() }).optional(),
  redis: z.strictObject({}).optional(),
  upstream: z.strictObject({}).optional(),
  mail: z.strictObject({}).optional(),
});
export type SidecarsSpec = z.infer<typeof SidecarsSpec>;

const ModuleSpec = z.strictObject({
  /** The file whose exports are called. */
  file: SourcePath,
  startTimeoutMs,
});

/**
 * The Nodes that a task may choose, by major version. content/runtime/node<major> installs exactly these; on a worker
 * whose own Node is of that major version, that one is taken.
 */
export const NODE_VERSIONS = { 20: 'v20.20.2', 22: 'v22.23.3', 24: 'v24.21.0' } as const;
export type NodeMajor = keyof typeof NODE_VERSIONS;

/** Upper ends keep a task from asking for more than one grading slot may have. */
export const TaskLimits = z.strictObject({
  memoryMb: z.int().min(64).max(1_024).default(256),
  pids: z.int().min(16).max(256).default(64),
  cpus: z.number().min(0.1).max(2).default(1),
  outputKb: z.int().min(1).max(8_192).default(1_024),
  tmpMb: z.int().min(1).max(128).default(16),
});
export type TaskLimits = z.infer<typeof TaskLimits>;

const shared = z.strictObject({
  id: TaskId,
  code: z.string().regex(/^T\d{2,3}[a-z]?$/, 'must look like T02'),
  version: z.int().min(1).max(10_000),
  title: sentence(80),
  minutes: z.int().min(5).max(480),
  competencies: z.array(Competency).min(1),
  limits: TaskLimits.prefault({}),
  /** Absent: the worker's own, whatever it is. No default is filled in, so that older tasks keep their content hash. */
  node: z.literal([20, 22, 24]).optional(),
  checks: z.strictObject({
    sample: z.array(CheckSpec).min(1).max(100),
    hidden: z.array(CheckSpec).min(1).max(100),
  }),
  mutants: z.array(MutantSpec).max(50).default([]),
}).shape;

export const TaskManifest = z.discriminatedUnion('mode', [
  z.strictObject({
    ...shared,
    mode: z.literal('http'),
    server: ServerSpec,
    sidecars: SidecarsSpec.optional(),
  }),
  z.strictObject({ ...shared, mode: z.literal('function'), module: ModuleSpec }),
]);
/** `task.yaml`, parsed, with its defaults filled in. */
export type TaskManifest = z.infer<typeof TaskManifest>;

/** Where a solution begins: the file that node starts, or the module whose exports are called. */
export function entryFile(manifest: TaskManifest): string {
  return manifest.mode === 'http' ? manifest.server.command[1] : manifest.module.file;
}

/** How long the server may take to accept connections, or the module to load. */
export function startTimeoutMsOf(manifest: TaskManifest): number {
  return manifest.mode === 'http' ? manifest.server.startTimeoutMs : manifest.module.startTimeoutMs;
}

/** Who starts what a check meets: a module is always there before its check begins. */
export function startedByOf(manifest: TaskManifest): 'harness' | 'check' {
  return (manifest.mode === 'http' && manifest.server.startedBy) || 'harness';
}

/** The sidecars that a task asks for, by name. */
export function sidecarsOf(manifest: TaskManifest): SidecarsSpec {
  return (manifest.mode === 'http' && manifest.sidecars) || {};
}

/** How many servers run a solution at a time. */
export function instancesOf(manifest: TaskManifest): number {
  return (manifest.mode === 'http' && manifest.server.instances) || 1;
}
