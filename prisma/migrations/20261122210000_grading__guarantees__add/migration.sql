-- What the sandbox held when a grading was made in it, and what it held more weakly than it should.
ALTER TABLE "grading" ADD COLUMN "guarantees" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "degraded" TEXT[] DEFAULT ARRAY[]::TEXT[];
