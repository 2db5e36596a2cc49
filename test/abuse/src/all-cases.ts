import type { AbuseCase } from './abuse-case.js';
import { COMPATIBILITY_CASES } from './cases/compatibility.js';
import { INTAKE_CASES } from './cases/intake.js';
import { NETWORK_CASES } from './cases/network.js';
import { PRIVILEGE_CASES } from './cases/privileges.js';
import { PROCESS_CASES } from './cases/processes.js';
import { REACH_CASES } from './cases/reach.js';
import { RESOURCE_CASES } from './cases/resources.js';
import { SIDECAR_CASES } from './cases/sidecars.js';
import { ANSWER_CASES, VERDICT_CASES } from './cases/verdicts.js';
import { WORKER_CASES } from './cases/worker.js';

/** Every attack, in the order of docs/security.md. */
export const ABUSE_CASES: readonly AbuseCase[] = [
  ...PROCESS_CASES,
  ...RESOURCE_CASES,
  ...REACH_CASES,
  ...NETWORK_CASES,
  ...PRIVILEGE_CASES,
  ...VERDICT_CASES,
  ...ANSWER_CASES,
  ...SIDECAR_CASES,
  ...INTAKE_CASES,
  ...WORKER_CASES,
  ...COMPATIBILITY_CASES,
];
