import { AppError } from '../error/index.js';

export type CompetencyWeights = Readonly<Record<string, number>>;

/** Keeps the competencies that weigh something; a role without any cannot be scored. */
export function weighedCompetencies(weights: CompetencyWeights): { competency: string; weight: number }[] {
  const weighed = Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([competency, weight]) => ({ competency, weight }));
  if (weighed.length === 0) {
    throw new AppError('role.no_weight', 'Give at least one competency a weight above 0.');
  }
  return weighed;
}

export function assertRoleOpen(role: { closedAt: Date | null }): void {
  if (role.closedAt)
    throw new AppError('role.closed', 'A closed role takes no new candidates or invitations.');
}
