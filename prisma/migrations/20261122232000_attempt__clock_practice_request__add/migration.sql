-- The clock's ledger, breaks, accommodations, practice tasks, withdrawals and requests. Adds columns with defaults and
-- tables only: what runs before it goes on beside what runs after it.

-- CreateEnum
CREATE TYPE "interval_kind" AS ENUM ('gap', 'break');

-- CreateEnum
CREATE TYPE "attempt_request_kind" AS ENUM ('extra_time', 'problem_report', 'appeal');

-- CreateEnum
CREATE TYPE "attempt_request_state" AS ENUM ('open', 'granted', 'declined', 'answered');

-- AlterTable
ALTER TABLE "attempt" ADD COLUMN "withdrawn_at" TIMESTAMPTZ(3),
ADD COLUMN "last_seen_at" TIMESTAMPTZ(3),
ADD COLUMN "accommodation" JSONB,
ADD COLUMN "accommodated_at" TIMESTAMPTZ(3),
ADD COLUMN "credits" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN "break_began_at" TIMESTAMPTZ(3),
ADD COLUMN "break_ends_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "attempt_task" ADD COLUMN "is_practice" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "attempt_interval" (
    "id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "kind" "interval_kind" NOT NULL,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "edits" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "attempt_interval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_life" (
    "id" UUID NOT NULL,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "api_life_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt_request" (
    "id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "kind" "attempt_request_kind" NOT NULL,
    "state" "attempt_request_state" NOT NULL DEFAULT 'open',
    "task_id" TEXT,
    "text" TEXT NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3),
    "answer" TEXT,
    "answered_at" TIMESTAMPTZ(3),
    "answered_by_id" UUID,

    CONSTRAINT "attempt_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "attempt_interval_attempt_id_idx" ON "attempt_interval"("attempt_id");

-- CreateIndex
CREATE INDEX "api_life_seen_at_idx" ON "api_life"("seen_at");

-- CreateIndex
CREATE INDEX "attempt_request_attempt_id_idx" ON "attempt_request"("attempt_id");

-- CreateIndex
CREATE INDEX "attempt_request_state_idx" ON "attempt_request"("state");

-- AddForeignKey
ALTER TABLE "attempt_interval" ADD CONSTRAINT "attempt_interval_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt_request" ADD CONSTRAINT "attempt_request_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt_request" ADD CONSTRAINT "attempt_request_answered_by_id_fkey" FOREIGN KEY ("answered_by_id") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- As in 20261122120001_roles__grant. The worker's sweeper settles a clock before it closes an attempt; what candidates
-- ask of staff is nothing for it.
GRANT SELECT, INSERT, UPDATE, DELETE ON attempt_interval, attempt_request, api_life TO assay_api;
GRANT SELECT, UPDATE ON attempt_interval TO assay_worker;
GRANT SELECT ON api_life TO assay_worker;
