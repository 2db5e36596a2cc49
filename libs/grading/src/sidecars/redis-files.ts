import type { SourceFile } from '@assay/contracts';
import { SIDECAR_PORTS } from '../harness/sidecar-access.js';

/** Of the user that candidates' servers are given; known to all, and good for nothing but their own data. */
export const APP_USER = { name: 'app', password: 'app' };

/**
 * Redis's own settings. What was acknowledged survives a stop and a kill: it is written at once, to a file in memory.
 * The candidate's user may do what an application does, and what a check may want to see it do (KEYS, FLUSHALL), nothing that concerns the server or others.
 */
export function redisFiles(secret: string): SourceFile[] {
  const app = '~* &* +@all -@admin -@dangerous +info +keys +flushall +flushdb +sort +role';
  const content = `
bind 127.0.0.1
port ${SIDECAR_PORTS.redis}
dir /tmp
save ""
appendonly yes
appendfsync no
maxclients 200
maxmemory 64mb
maxmemory-policy noeviction
maxmemory-clients 32mb
client-query-buffer-limit 16mb
client-output-buffer-limit normal 32mb 16mb 10
user default off
user ${APP_USER.name} on >${APP_USER.password} ${app}
user checks on >${secret} ~* &* +@all
`;
  return [{ path: 'redis.conf', content }];
}
