-- CreateEnum
CREATE TYPE "member_access" AS ENUM ('owner', 'recruiter', 'hiring_manager', 'interviewer');

-- CreateEnum
CREATE TYPE "realm" AS ENUM ('staff', 'candidate');

-- CreateEnum
CREATE TYPE "competency" AS ENUM ('async', 'rest', 'npm', 'sql', 'nosql', 'sec', 'perf', 'struct', 'own');

-- CreateEnum
CREATE TYPE "target_level" AS ENUM ('junior', 'mid', 'senior');

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('queued', 'running', 'finished', 'superseded', 'failed_by_us');

-- CreateEnum
CREATE TYPE "submission_reason" AS ENUM ('candidate', 'expired');

-- CreateEnum
CREATE TYPE "grading_state" AS ENUM ('queued', 'running', 'completed', 'needs_attention');

-- CreateEnum
CREATE TYPE "outcome" AS ENUM ('completed', 'platform_failure');

-- CreateEnum
CREATE TYPE "check_kind" AS ENUM ('functional', 'edge', 'operability', 'security', 'performance');

-- CreateEnum
CREATE TYPE "verdict" AS ENUM ('passed', 'failed', 'timed_out', 'memory_exceeded', 'output_exceeded', 'crashed', 'skipped');

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "access" "member_access" NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "realm" "realm" NOT NULL,
    "token_hash" TEXT NOT NULL,
    "member_id" UUID,
    "invitation_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_throttle" (
    "email_hash" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "window_ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_throttle_pkey" PRIMARY KEY ("email_hash")
);

-- CreateTable
CREATE TABLE "setup_link" (
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "setup_link_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "idempotent_request" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "response" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_request_pkey" PRIMARY KEY ("scope","key")
);

-- CreateTable
CREATE TABLE "role" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "target_level" "target_level" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "role_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "role_competency" (
    "role_id" UUID NOT NULL,
    "competency" "competency" NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "role_competency_pkey" PRIMARY KEY ("role_id","competency")
);

-- CreateTable
CREATE TABLE "role_member" (
    "role_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,

    CONSTRAINT "role_member_pkey" PRIMARY KEY ("role_id","member_id")
);

-- CreateTable
CREATE TABLE "candidate" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "candidate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "candidacy" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "candidate_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "candidacy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_version" (
    "id" UUID NOT NULL,
    "task_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,
    "competencies" "competency"[],
    "brief" TEXT NOT NULL,
    "starter" JSONB NOT NULL,
    "sample_checks" JSONB NOT NULL,
    "limits" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "task_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_bundle" (
    "content_hash" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "task_bundle_pkey" PRIMARY KEY ("content_hash")
);

-- CreateTable
CREATE TABLE "blob" (
    "sha256" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blob_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "assessment" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "assessment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "assessment_task" (
    "assessment_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "task_id" TEXT NOT NULL,

    CONSTRAINT "assessment_task_pkey" PRIMARY KEY ("assessment_id","position")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "candidacy_id" UUID NOT NULL,
    "assessment_id" UUID NOT NULL,
    "minutes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "consented_at" TIMESTAMPTZ(3),
    "consent_text" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "closes_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt_task" (
    "id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "task_version_id" UUID NOT NULL,

    CONSTRAINT "attempt_task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspace_file" (
    "attempt_task_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_file_pkey" PRIMARY KEY ("attempt_task_id","path")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "attempt_task_id" UUID NOT NULL,
    "snapshot_sha256" TEXT NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'queued',
    "lock_key" SERIAL NOT NULL,
    "dispatch" INTEGER NOT NULL DEFAULT 1,
    "dispatched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checks" JSONB NOT NULL DEFAULT '[]',
    "output" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "submission" (
    "id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "task_version_id" UUID NOT NULL,
    "snapshot_sha256" TEXT NOT NULL,
    "reason" "submission_reason" NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "current_grading_id" UUID,

    CONSTRAINT "submission_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "grading" (
    "id" UUID NOT NULL,
    "submission_id" UUID NOT NULL,
    "state" "grading_state" NOT NULL DEFAULT 'queued',
    "lock_key" SERIAL NOT NULL,
    "dispatch" INTEGER NOT NULL DEFAULT 1,
    "dispatched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "starts" INTEGER NOT NULL DEFAULT 0,
    "platform_failures" INTEGER NOT NULL DEFAULT 0,
    "outcome" "outcome",
    "score" DOUBLE PRECISION,
    "engine" TEXT,
    "seed" TEXT,
    "reason" TEXT,
    "output" TEXT,
    "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "grading_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "check_result" (
    "grading_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "verdict" "verdict" NOT NULL,
    "competency" "competency" NOT NULL,
    "level" "target_level" NOT NULL,
    "weight" INTEGER NOT NULL,
    "kind" "check_kind" NOT NULL,
    "ms" DOUBLE PRECISION NOT NULL,
    "message" TEXT,
    "expected" TEXT,
    "actual" TEXT,

    CONSTRAINT "check_result_pkey" PRIMARY KEY ("grading_id","position")
);

-- CreateTable
CREATE TABLE "level_estimate" (
    "candidacy_id" UUID NOT NULL,
    "overall" JSONB NOT NULL,
    "competencies" JSONB NOT NULL,
    "evidence" JSONB NOT NULL,
    "computed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "level_estimate_pkey" PRIMARY KEY ("candidacy_id")
);

-- CreateTable
CREATE TABLE "event_stream" (
    "name" TEXT NOT NULL,
    "last_sequence" INTEGER NOT NULL,

    CONSTRAINT "event_stream_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "event" (
    "stream" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "payload" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("stream","sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "member_email_key" ON "member"("email");

-- CreateIndex
CREATE INDEX "member_organisation_id_idx" ON "member"("organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_hash_key" ON "session"("token_hash");

-- CreateIndex
CREATE INDEX "session_member_id_idx" ON "session"("member_id");

-- CreateIndex
CREATE INDEX "session_invitation_id_idx" ON "session"("invitation_id");

-- CreateIndex
CREATE INDEX "role_organisation_id_idx" ON "role"("organisation_id");

-- CreateIndex
CREATE INDEX "role_member_member_id_idx" ON "role_member"("member_id");

-- CreateIndex
CREATE UNIQUE INDEX "candidate_organisation_id_email_key" ON "candidate"("organisation_id", "email");

-- CreateIndex
CREATE INDEX "candidacy_organisation_id_idx" ON "candidacy"("organisation_id");

-- CreateIndex
CREATE INDEX "candidacy_candidate_id_idx" ON "candidacy"("candidate_id");

-- CreateIndex
CREATE UNIQUE INDEX "candidacy_role_id_candidate_id_key" ON "candidacy"("role_id", "candidate_id");

-- CreateIndex
CREATE UNIQUE INDEX "task_version_content_hash_key" ON "task_version"("content_hash");

-- CreateIndex
CREATE UNIQUE INDEX "task_version_task_id_version_key" ON "task_version"("task_id", "version");

-- CreateIndex
CREATE INDEX "assessment_organisation_id_idx" ON "assessment"("organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "assessment_task_assessment_id_task_id_key" ON "assessment_task"("assessment_id", "task_id");

-- CreateIndex
CREATE INDEX "attempt_assessment_id_idx" ON "attempt"("assessment_id");

-- CreateIndex
CREATE INDEX "attempt_closes_at_idx" ON "attempt"("closes_at");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_candidacy_id_assessment_id_key" ON "attempt"("candidacy_id", "assessment_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_attempt_id_idx" ON "invitation"("attempt_id");

-- CreateIndex
CREATE INDEX "attempt_task_task_version_id_idx" ON "attempt_task"("task_version_id");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_task_attempt_id_position_key" ON "attempt_task"("attempt_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_task_attempt_id_task_version_id_key" ON "attempt_task"("attempt_id", "task_version_id");

-- CreateIndex
CREATE INDEX "run_attempt_task_id_idx" ON "run"("attempt_task_id");

-- CreateIndex
CREATE INDEX "run_state_idx" ON "run"("state");

-- CreateIndex
CREATE UNIQUE INDEX "submission_current_grading_id_key" ON "submission"("current_grading_id");

-- CreateIndex
CREATE INDEX "submission_task_version_id_idx" ON "submission"("task_version_id");

-- CreateIndex
CREATE UNIQUE INDEX "submission_attempt_id_task_version_id_key" ON "submission"("attempt_id", "task_version_id");

-- CreateIndex
CREATE INDEX "grading_submission_id_idx" ON "grading"("submission_id");

-- CreateIndex
CREATE INDEX "grading_state_idx" ON "grading"("state");

-- CreateIndex
CREATE UNIQUE INDEX "check_result_grading_id_name_key" ON "check_result"("grading_id", "name");

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_invitation_id_fkey" FOREIGN KEY ("invitation_id") REFERENCES "invitation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role" ADD CONSTRAINT "role_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_competency" ADD CONSTRAINT "role_competency_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_member" ADD CONSTRAINT "role_member_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_member" ADD CONSTRAINT "role_member_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidacy" ADD CONSTRAINT "candidacy_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidacy" ADD CONSTRAINT "candidacy_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "role"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidacy" ADD CONSTRAINT "candidacy_candidate_id_fkey" FOREIGN KEY ("candidate_id") REFERENCES "candidate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assessment_task" ADD CONSTRAINT "assessment_task_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "assessment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_candidacy_id_fkey" FOREIGN KEY ("candidacy_id") REFERENCES "candidacy"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_assessment_id_fkey" FOREIGN KEY ("assessment_id") REFERENCES "assessment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt_task" ADD CONSTRAINT "attempt_task_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt_task" ADD CONSTRAINT "attempt_task_task_version_id_fkey" FOREIGN KEY ("task_version_id") REFERENCES "task_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace_file" ADD CONSTRAINT "workspace_file_attempt_task_id_fkey" FOREIGN KEY ("attempt_task_id") REFERENCES "attempt_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_attempt_task_id_fkey" FOREIGN KEY ("attempt_task_id") REFERENCES "attempt_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission" ADD CONSTRAINT "submission_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission" ADD CONSTRAINT "submission_task_version_id_fkey" FOREIGN KEY ("task_version_id") REFERENCES "task_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission" ADD CONSTRAINT "submission_current_grading_id_fkey" FOREIGN KEY ("current_grading_id") REFERENCES "grading"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grading" ADD CONSTRAINT "grading_submission_id_fkey" FOREIGN KEY ("submission_id") REFERENCES "submission"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_result" ADD CONSTRAINT "check_result_grading_id_fkey" FOREIGN KEY ("grading_id") REFERENCES "grading"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "level_estimate" ADD CONSTRAINT "level_estimate_candidacy_id_fkey" FOREIGN KEY ("candidacy_id") REFERENCES "candidacy"("id") ON DELETE CASCADE ON UPDATE CASCADE;


