-- Two Postgres roles. The APIs never read hidden checks: only assay_worker may select task_bundle.
-- The worker, which runs untrusted code, never reads passwords, sessions or people.
-- Roles belong to the cluster, so they may exist already (another database, a test's clone, two migrations at once).
DO $$
BEGIN
  CREATE ROLE assay_api NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  CREATE ROLE assay_worker NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT USAGE ON SCHEMA public TO assay_api, assay_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO assay_api, assay_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON
  organisation, member, session, login_throttle, setup_link, idempotent_request,
  role, role_competency, role_member, candidate, candidacy,
  assessment, assessment_task, attempt, invitation, attempt_task, workspace_file, run,
  submission, grading, check_result, level_estimate, event_stream, event
  TO assay_api;
GRANT SELECT ON task_version TO assay_api;
GRANT SELECT, INSERT ON blob TO assay_api;

GRANT SELECT ON
  role, role_competency, task_version, task_bundle, assessment_task, attempt_task, workspace_file, check_result
  TO assay_worker;
GRANT SELECT, INSERT ON blob TO assay_worker;
-- UPDATE on candidacy is what SELECT … FOR UPDATE asks for; no column of it is ever written.
GRANT SELECT, UPDATE ON candidacy, attempt, run TO assay_worker;
GRANT SELECT, INSERT, UPDATE ON submission, grading, level_estimate, event_stream, event TO assay_worker;
GRANT INSERT ON check_result TO assay_worker;
