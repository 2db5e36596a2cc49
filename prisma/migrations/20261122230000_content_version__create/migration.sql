-- What may be said of a published task's hidden checks once they are graded: [{name, impliedBy, probe}].
ALTER TABLE "task_version" ADD COLUMN "hidden_checks" JSONB NOT NULL DEFAULT '[]';

-- All written content as one document a version. Nobody changes what was published: scorecards are read with it.
CREATE TABLE "content_version" (
    "version" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "content_version_pkey" PRIMARY KEY ("version")
);
CREATE FUNCTION content_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published content version never changes';
END $$;
CREATE TRIGGER content_version_stays BEFORE UPDATE OR DELETE ON "content_version"
  FOR EACH ROW EXECUTE FUNCTION content_version_stays();

CREATE TABLE "interview_kit" (
    "candidacy_id" UUID NOT NULL,
    "content_version" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "items" JSONB NOT NULL,
    "changes" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "interview_kit_pkey" PRIMARY KEY ("candidacy_id")
);
CREATE INDEX "interview_kit_content_version_idx" ON "interview_kit"("content_version");
ALTER TABLE "interview_kit" ADD CONSTRAINT "interview_kit_candidacy_id_fkey" FOREIGN KEY ("candidacy_id") REFERENCES "candidacy"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "interview_kit" ADD CONSTRAINT "interview_kit_content_version_fkey" FOREIGN KEY ("content_version") REFERENCES "content_version"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "feedback_release" (
    "candidacy_id" UUID NOT NULL,
    "content_version" INTEGER NOT NULL,
    "released_by_id" UUID NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_release_pkey" PRIMARY KEY ("candidacy_id")
);
CREATE INDEX "feedback_release_content_version_idx" ON "feedback_release"("content_version");
CREATE INDEX "feedback_release_released_by_id_idx" ON "feedback_release"("released_by_id");
ALTER TABLE "feedback_release" ADD CONSTRAINT "feedback_release_candidacy_id_fkey" FOREIGN KEY ("candidacy_id") REFERENCES "candidacy"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "feedback_release" ADD CONSTRAINT "feedback_release_content_version_fkey" FOREIGN KEY ("content_version") REFERENCES "content_version"("version") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "feedback_release" ADD CONSTRAINT "feedback_release_released_by_id_fkey" FOREIGN KEY ("released_by_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

GRANT SELECT ON "content_version" TO assay_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON "interview_kit", "feedback_release" TO assay_api;
