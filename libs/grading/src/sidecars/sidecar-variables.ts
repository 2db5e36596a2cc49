import { sidecarsOf, type TaskManifest } from '@assay/tasks';
import { SIDECAR_PORTS } from '../harness/sidecar-access.js';

/** Where the candidate's server finds the sidecars of its task: variables of its environment. Nothing in them is secret. */
export function sidecarVariables(manifest: TaskManifest): Record<string, string> {
  const sidecars = sidecarsOf(manifest);
  return {
    ...(sidecars.upstream && { UPSTREAM_URL: `http://127.0.0.1:${SIDECAR_PORTS.upstream}` }),
  };
}
