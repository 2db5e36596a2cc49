import { sidecarsOf, type TaskManifest } from '@assay/tasks';
import { SIDECAR_PORTS } from '../harness/sidecar-access.js';
import { APP_USER } from './redis-files.js';

/** Where the candidate's server finds the sidecars of its task: variables of its environment. Nothing in them is secret. */
export function sidecarVariables(manifest: TaskManifest): Record<string, string> {
  const sidecars = sidecarsOf(manifest);
  const { name, password } = APP_USER;
  return {
    ...(sidecars.postgres && {
      DATABASE_URL: `postgresql://${name}:${password}@127.0.0.1:${SIDECAR_PORTS.postgres}/app`,
    }),
    ...(sidecars.redis && { REDIS_URL: `redis://${name}:${password}@127.0.0.1:${SIDECAR_PORTS.redis}` }),
    ...(sidecars.upstream && { UPSTREAM_URL: `http://127.0.0.1:${SIDECAR_PORTS.upstream}` }),
    ...(sidecars.mail && { SMTP_URL: `smtp://127.0.0.1:${SIDECAR_PORTS.mail}` }),
  };
}
