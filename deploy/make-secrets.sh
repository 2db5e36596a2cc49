#!/bin/sh
# Writes the secrets that docker-compose.yml mounts, once: deploy/secrets/*, which are not to be committed.
set -eu
cd "$(dirname "$0")"
[ ! -e secrets ] || { echo 'deploy/secrets is there already: remove it to lose the passwords in it' >&2; exit 1; }
umask 077
mkdir secrets
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
owner=$(password) api=$(password) worker=$(password) redis=$(password)
write() { printf '%s\n' "$2" > "secrets/$1"; }
write owner-password "$owner"
write api-password "$api"
write worker-password "$worker"
write owner-database-url "postgresql://assay:$owner@postgres:5432/assay"
write api-database-url "postgresql://assay_api:$api@postgres:5432/assay"
write worker-database-url "postgresql://assay_worker:$worker@postgres:5432/assay"
write redis-url "redis://:$redis@redis:6379/0"
# Jobs must survive a restart and must never be evicted for memory: BullMQ breaks without both.
write redis.conf "requirepass $redis
appendonly yes
maxmemory-policy noeviction
dir /data"
# The folder keeps others out; the files are read by the users inside of the containers.
chmod 0444 secrets/*
