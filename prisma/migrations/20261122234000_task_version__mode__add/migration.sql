-- What candidates write: a server, or functions. Of older versions, publishing the same content again tells it.
CREATE TYPE "task_mode" AS ENUM ('http', 'function');
ALTER TABLE "task_version" ADD COLUMN "mode" "task_mode" NOT NULL DEFAULT 'http';
