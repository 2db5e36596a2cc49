#!/bin/sh
# Run once by the postgres image, when it makes the cluster: the two roles that the processes log in as. The migrations
# grant them what each may do.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=api="$(cat /run/secrets/api-password)" --set=worker="$(cat /run/secrets/worker-password)" <<'SQL'
CREATE ROLE assay_api LOGIN PASSWORD :'api';
CREATE ROLE assay_worker LOGIN PASSWORD :'worker';
SQL
