export * from './accommodations.js';
export * from './adoptions.js';
export { recordSignOfLife } from './api-lives.js';
export * from './assessments.js';
export * from './attempt-record.js';
export * from './attempt-requests.js';
export * from './attempt-start.js';
export * from './attempts.js';
export { beginBreakOf, endBreakOf } from './breaks.js';
export * from './candidacies.js';
export * from './content-versions.js';
export * from './database.js';
export * from './database-down.js';
export * from './edit-history.js';
export * from './event-feed.js';
export * from './events.js';
export * from './feedback-releases.js';
export * from './gradings.js';
export * from './heartbeats.js';
export * from './idempotent-requests.js';
export * from './interview-kits.js';
export * from './invitations.js';
export * from './late-snapshots.js';
export * from './level-estimates.js';
export * from './live-runs.js';
export * from './members.js';
export * from './migrate.js';
export * from './needing-attention.js';
export * from './open-workspace.js';
export * from './outdated-submissions.js';
export { readPracticeStarter } from './practice.js';
export * from './published-tasks.js';
export * from './regraded-submissions.js';
export * from './regrades.js';
export * from './roles.js';
export {
  type ClaimedRun,
  claimRun,
  findRunLockKey,
  finishRun,
  getLiveRunOf,
  getRunOf,
  insertChecksBeside,
  insertRun,
  isRunRunning,
  listWaitingRuns,
  type RunResult,
  redispatchRun,
} from './runs.js';
export * from './sessions.js';
export * from './submissions.js';
export * from './turns.js';
export * from './viewer.js';
export * from './waiting-work.js';
export * from './withdrawals.js';
export * from './work-lock.js';
export * from './workspace-files.js';
export * from './workspaces.js';
