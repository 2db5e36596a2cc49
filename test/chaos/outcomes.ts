import type { System } from '../e2e/system.js';
import { persist } from './persist.js';

/** What the database holds of one candidacy when all is over. */
export interface Outcome {
  candidacyId: string;
  submissions: number;
  gradings: number;
  state: string | null;
  outcome: string | null;
  /** Whether the grading is the one that counts. */
  isCurrent: boolean;
  starts: number;
  platformFailures: number;
  /** Verdicts by check, in the order of grading. */
  verdicts: [string, string][];
  completedEvents: number;
  /** Pieces of evidence behind the level. */
  evidence: number;
}

const OUTCOMES = `
  SELECT c.id AS "candidacyId",
    (SELECT count(*)::int FROM submission s JOIN attempt a ON a.id = s.attempt_id WHERE a.candidacy_id = c.id) AS submissions,
    count(g.id)::int AS gradings,
    min(g.state::text) AS state,
    min(g.outcome::text) AS outcome,
    coalesce(bool_and(s.current_grading_id = g.id), false) AS "isCurrent",
    coalesce(sum(g.starts), 0)::int AS starts,
    coalesce(sum(g.platform_failures), 0)::int AS "platformFailures",
    coalesce((SELECT json_agg(json_build_array(r.name, r.verdict) ORDER BY r.position)
      FROM check_result r WHERE r.grading_id = min(g.id::text)::uuid), '[]') AS verdicts,
    (SELECT count(*)::int FROM event e WHERE e.stream = 'candidacy:' || c.id
      AND e.payload->>'type' = 'grading.completed') AS "completedEvents",
    coalesce((SELECT json_array_length(l.evidence::json) FROM level_estimate l WHERE l.candidacy_id = c.id), 0) AS evidence
  FROM candidacy c
    LEFT JOIN attempt a ON a.candidacy_id = c.id
    LEFT JOIN submission s ON s.attempt_id = a.id
    LEFT JOIN grading g ON g.submission_id = s.id
  WHERE c.id = ANY($1::uuid[])
  GROUP BY c.id`;

/** One entry for each candidacy, in the order given. */
export async function readOutcomes(system: System, candidacyIds: string[]): Promise<Outcome[]> {
  const rows = await persist(
    () => system.sql<Outcome>(OUTCOMES, candidacyIds),
    () => undefined,
  );
  const byId = new Map(rows.map((row) => [row.candidacyId, row]));
  return candidacyIds.map((id) => {
    const row = byId.get(id);
    if (!row) throw new Error(`the candidacy ${id} is gone`);
    return row;
  });
}
