import { CheckKind, Competency, TargetLevel, Verdict } from '@assay/contracts';
import type { KitEvidence } from '@assay/core/interviewing';
import { estimateLevel, wordStatement } from '@assay/core/levelling';
import { z } from 'zod';

const result = {
  competency: Competency,
  level: TargetLevel,
  weight: z.int().min(1).max(3).default(1),
  kind: CheckKind.default('functional'),
  verdict: Verdict,
  message: z.string().nullable().default(null),
  expected: z.string().nullable().default(null),
  actual: z.string().nullable().default(null),
};

const Check = z.strictObject({
  task: z.string().min(1),
  taskTitle: z.string().min(1).optional(),
  check: z.string().min(1),
  probe: z.string().nullable().default(null),
  ...result,
});

/** As `npm run grade -- … --json` prints it. */
const Grading = z.object({
  task: z.string().min(1),
  taskTitle: z.string().min(1).optional(),
  checks: z.array(z.object({ name: z.string().min(1), ...result })),
});

/** What `npm run content -- kit` reads: a role's weights and check results. docs/content.md explains every field. */
export const EvidenceFile = z.strictObject({
  role: z.strictObject({ competencies: z.partialRecord(Competency, z.number().positive()) }),
  checks: z.array(Check).default([]),
  gradings: z.array(Grading).default([]),
});

/** The evidence with the levels that the model estimates from it, as for a candidacy. */
export function evidenceFrom(file: z.infer<typeof EvidenceFile>): KitEvidence {
  const weights = file.role.competencies;
  const graded = file.gradings.flatMap(({ task, taskTitle, checks }) =>
    checks.map(({ name, ...rest }) => ({ ...rest, task, taskTitle, check: name, probe: null })),
  );
  const checks = [...file.checks, ...graded];
  const estimate = estimateLevel(
    checks.map(({ task, check, verdict, competency, level, weight }) => ({
      kind: 'check' as const,
      id: `${task}/${check}`,
      taskId: task,
      competency,
      level,
      weight,
      passed: verdict === 'passed',
    })),
    weights,
  );
  return {
    weights,
    checks: checks.map(({ task, taskTitle = task, ...rest }) => ({ taskId: task, taskTitle, ...rest })),
    levels: estimate.competencies.map(({ competency, mean, statement }) => ({
      competency,
      mean,
      statement: wordStatement(statement),
    })),
  };
}
