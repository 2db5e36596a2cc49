-- A grading says which version of its task it was made with; gradings that were started together are one regrade.

-- Gradings made so far were made with the version that the candidate met.
ALTER TABLE "grading" ADD COLUMN "task_version_id" UUID;
UPDATE "grading" SET "task_version_id" = "submission"."task_version_id" FROM "submission"
  WHERE "submission"."id" = "grading"."submission_id";
ALTER TABLE "grading" ALTER COLUMN "task_version_id" SET NOT NULL;

-- For processes of the version before this one, which name no task version: those that still serve during an upgrade.
CREATE FUNCTION grading_task_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.task_version_id IS NULL THEN
    SELECT task_version_id INTO NEW.task_version_id FROM submission WHERE id = NEW.submission_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grading_task_version BEFORE INSERT ON "grading"
  FOR EACH ROW EXECUTE FUNCTION grading_task_version();

-- CreateTable
CREATE TABLE "regrade" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "task_version_id" UUID NOT NULL,
    "started_by_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "regrade_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "grading" ADD COLUMN "regrade_id" UUID,
ADD COLUMN "replaces_id" UUID,
ADD COLUMN "starts_forgiven" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "needs_attention_since" TIMESTAMPTZ(3),
ADD COLUMN "adopted_by_id" UUID,
ADD COLUMN "adopted_at" TIMESTAMPTZ(3);

UPDATE "grading" SET "needs_attention_since" = "dispatched_at" WHERE "state" = 'needs_attention';

-- CreateIndex
CREATE INDEX "regrade_organisation_id_idx" ON "regrade"("organisation_id");

-- CreateIndex
CREATE INDEX "grading_regrade_id_idx" ON "grading"("regrade_id");

-- CreateIndex
CREATE INDEX "grading_task_version_id_idx" ON "grading"("task_version_id");

-- CreateIndex
CREATE INDEX "grading_completed_at_idx" ON "grading"("completed_at");

-- AddForeignKey
ALTER TABLE "regrade" ADD CONSTRAINT "regrade_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "regrade" ADD CONSTRAINT "regrade_task_version_id_fkey" FOREIGN KEY ("task_version_id") REFERENCES "task_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "regrade" ADD CONSTRAINT "regrade_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grading" ADD CONSTRAINT "grading_task_version_id_fkey" FOREIGN KEY ("task_version_id") REFERENCES "task_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grading" ADD CONSTRAINT "grading_regrade_id_fkey" FOREIGN KEY ("regrade_id") REFERENCES "regrade"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grading" ADD CONSTRAINT "grading_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "grading"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grading" ADD CONSTRAINT "grading_adopted_by_id_fkey" FOREIGN KEY ("adopted_by_id") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- As in 20261122120001_roles__grant; the worker grades what a regrade has queued and knows nothing of who asked for it.
GRANT SELECT, INSERT ON "regrade" TO assay_api;
