import type { ProbeSpec } from '@assay/tasks';
import { badJson } from './bad-json.js';
import { drain } from './drain.js';
import { header } from './header.js';
import { huge } from './huge.js';
import { idempotency } from './idempotency.js';
import { lag } from './lag.js';
import { loris } from './loris.js';
import { memory } from './memory.js';
import type { Probe, ProbeName, ProbeTools } from './probe.js';
import { queries } from './queries.js';
import { rejection } from './rejection.js';

/** What no other check has. */
interface OwnTools {
  port: number;
  startAfresh(env: Record<string, string>): Promise<object>;
}

const PROBES: { [Name in ProbeName]: Probe<Name> } = {
  lag,
  drain,
  memory,
  rejection,
  'bad-json': badJson,
  huge,
  loris,
  header,
  idempotency,
  queries,
};

/** The check that a probe is. */
export function probeCheck(spec: ProbeSpec, own: OwnTools): (tools: object) => Promise<void> {
  const probe = PROBES[spec.probe] as (tools: ProbeTools, given: ProbeSpec) => Promise<void>; // the entry of its own name
  return (tools) => probe({ ...tools, ...own } as ProbeTools, spec); // probes are of mode http only
}
