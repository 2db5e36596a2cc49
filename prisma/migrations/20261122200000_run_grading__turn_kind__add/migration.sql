-- Adds columns with defaults only: what runs before it goes on beside what runs after it. The grants of the tables hold.

-- CreateEnum
CREATE TYPE "run_kind" AS ENUM ('checks', 'server');

-- CreateEnum
CREATE TYPE "run_end" AS ENUM ('stopped', 'idle', 'time_limit', 'submitted', 'exited', 'no_server');

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "ended_because" "run_end",
ADD COLUMN     "exit_code" INTEGER,
ADD COLUMN     "exit_signal" TEXT,
ADD COLUMN     "kind" "run_kind" NOT NULL DEFAULT 'checks',
ADD COLUMN     "message" TEXT,
ADD COLUMN     "turn" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "grading" ADD COLUMN     "turn" INTEGER NOT NULL DEFAULT 0;
