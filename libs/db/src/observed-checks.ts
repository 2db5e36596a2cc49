import type { GradedCheck } from '@assay/core/feedback';
import type { RoleWeights } from '@assay/core/levelling';
import { z } from 'zod';
import { estimateCandidacy } from './candidacy-evidence.js';
import type { Transaction } from './database.js';
import { HiddenCheck } from './published-tasks.js';

const shape = {
  role: { include: { competencies: true } },
  attempts: {
    include: {
      submissions: {
        include: {
          taskVersion: { select: { taskId: true } },
          currentGrading: {
            include: { checks: true, taskVersion: { select: { title: true, hiddenChecks: true } } },
          },
        },
      },
    },
  },
} as const;

/** Everything that kit and feedback of a candidacy are made of: from the gradings that count, as they are now. */
export async function observeCandidacy(tx: Transaction, candidacyId: string) {
  const candidacy = await tx.candidacy.findUniqueOrThrow({ where: { id: candidacyId }, include: shape });
  const submissions = candidacy.attempts.flatMap((attempt) => attempt.submissions);
  const checks = submissions.flatMap(({ taskVersion: { taskId }, currentGrading }) => {
    if (!currentGrading) return [];
    const { title, hiddenChecks } = currentGrading.taskVersion;
    const named = z.array(HiddenCheck).parse(hiddenChecks);
    return currentGrading.checks
      .toSorted((a, b) => a.position - b.position)
      .map(({ name, competency, level, weight, kind, verdict, message, expected, actual }): GradedCheck => {
        const { probe = null, impliedBy: brief = null } = named.find((each) => each.name === name) ?? {};
        const result = { competency, level, weight, kind, verdict, message, expected, actual };
        return { taskId, taskTitle: title, check: name, probe, brief, ...result };
      });
  });
  const weights = Object.fromEntries(
    candidacy.role.competencies.map(({ competency, weight }) => [competency, weight]),
  ) satisfies RoleWeights;
  return {
    weights,
    checks,
    isGraded: submissions.every(({ currentGrading }) => currentGrading !== null),
    levels: estimateCandidacy(candidacy).competencies,
  };
}
