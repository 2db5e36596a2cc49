-- The collaborative documents of workspaces: updates as they arrive, a whole state now and then, the compact history
-- after the end, and what arrived too late. workspace_file is projected from them.

-- CreateTable
CREATE TABLE "workspace_document" (
    "attempt_task_id" UUID NOT NULL,
    "state" BYTEA NOT NULL,
    "sequence" INTEGER NOT NULL,
    "history" BYTEA,

    CONSTRAINT "workspace_document_pkey" PRIMARY KEY ("attempt_task_id")
);

-- CreateTable
CREATE TABLE "workspace_update" (
    "attempt_task_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "workspace_update_pkey" PRIMARY KEY ("attempt_task_id","sequence")
);

-- CreateTable
CREATE TABLE "late_snapshot" (
    "attempt_task_id" UUID NOT NULL,
    "update" BYTEA NOT NULL,
    "snapshot_sha256" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "late_snapshot_pkey" PRIMARY KEY ("attempt_task_id")
);

-- What the sweeper looks for every second.
CREATE INDEX "workspace_document_not_compacted_idx" ON "workspace_document"("attempt_task_id") WHERE "history" IS NULL;

-- AddForeignKey
ALTER TABLE "workspace_document" ADD CONSTRAINT "workspace_document_attempt_task_id_fkey" FOREIGN KEY ("attempt_task_id") REFERENCES "attempt_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace_update" ADD CONSTRAINT "workspace_update_attempt_task_id_fkey" FOREIGN KEY ("attempt_task_id") REFERENCES "attempt_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "late_snapshot" ADD CONSTRAINT "late_snapshot_attempt_task_id_fkey" FOREIGN KEY ("attempt_task_id") REFERENCES "attempt_task"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The updates are of random bytes, short, and many: nothing to gain from trying to compress each.
ALTER TABLE "workspace_update" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, UPDATE, DELETE ON "workspace_document", "workspace_update", "late_snapshot" TO assay_api;
-- The sweeper compacts what has ended.
GRANT SELECT, INSERT, UPDATE ON "workspace_document" TO assay_worker;
GRANT SELECT, DELETE ON "workspace_update" TO assay_worker;
