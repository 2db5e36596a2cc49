import { z } from 'zod';
import { checkFields, WrittenCheck } from './check-spec.js';
import { hasPlaceholder, ProbedRequest } from './probed-request.js';

/** Checks that an author declares and we wrote; docs/task-format.md, "Probes", explains each. */

type Fields = { [Name in keyof typeof checkFields]: z.infer<(typeof checkFields)[Name]> };

/** A probe's own fields, those of every check with what they are when nothing else is said, and variables for the server. */
function probe<const Name extends string, Own extends z.core.$ZodLooseShape>(
  name: Name,
  defaults: Fields,
  own: Own,
) {
  return z.strictObject({
    probe: z.literal(name),
    name: checkFields.name.default(defaults.name),
    competency: checkFields.competency.default(defaults.competency),
    level: checkFields.level.default(defaults.level),
    weight: checkFields.weight.default(defaults.weight),
    kind: checkFields.kind.default(defaults.kind),
    timeoutMs: checkFields.timeoutMs.default(defaults.timeoutMs),
    impliedBy: checkFields.impliedBy.default(defaults.impliedBy),
    env: z.record(z.string().regex(/^[A-Z_][A-Z0-9_]{0,99}$/), z.string().max(1_000)).optional(),
    ...own,
  });
}

const BAD_INPUT = 'Bad input is answered with a 4xx status.';
const MIB = 1024 * 1024;

const Lag = probe(
  'lag',
  {
    name: 'stays-responsive',
    competency: 'perf',
    level: 'mid',
    weight: 3,
    kind: 'performance',
    timeoutMs: 180_000,
    impliedBy: 'Heavy work does not make other requests wait.',
  },
  {
    /** A quick request that has nothing to do with the heavy one. */
    ping: ProbedRequest,
    heavy: ProbedRequest,
    /** Of one window. */
    seconds: z.int().min(1).max(10).default(4),
  },
);

const Drain = probe(
  'drain',
  {
    name: 'drains-on-sigterm',
    competency: 'struct',
    level: 'mid',
    weight: 2,
    kind: 'operability',
    timeoutMs: 180_000,
    impliedBy: 'On SIGTERM the server answers what it has accepted and then ends with exit code 0.',
  },
  {
    ping: ProbedRequest,
    /** Takes long enough to be under way when the signal comes: half a second or more. */
    slow: ProbedRequest,
    /** From the last answer until the process has ended. */
    endsWithinMs: z.int().min(500).max(20_000).default(8_000),
  },
);

const Memory = probe(
  'memory',
  {
    name: 'keeps-its-memory',
    competency: 'perf',
    level: 'mid',
    weight: 2,
    kind: 'performance',
    timeoutMs: 180_000,
    impliedBy: 'Memory does not grow with the number of requests that were answered.',
  },
  {
    request: ProbedRequest,
    warmUp: z.int().min(100).max(5_000).default(3_000),
    windows: z.int().min(4).max(10).default(6),
    requestsPerWindow: z.int().min(200).max(2_000).default(1_000),
  },
);

const Rejection = probe(
  'rejection',
  {
    name: 'survives-internal-failures',
    competency: 'async',
    level: 'mid',
    weight: 2,
    kind: 'edge',
    timeoutMs: 60_000,
    impliedBy: 'A failure inside is answered with a 5xx status and never stops the server.',
  },
  { ping: ProbedRequest, failing: ProbedRequest },
);

const BadJson = probe(
  'bad-json',
  {
    name: 'refuses-bad-json',
    competency: 'sec',
    level: 'junior',
    weight: 2,
    kind: 'security',
    timeoutMs: 120_000,
    impliedBy: BAD_INPUT,
  },
  { ping: ProbedRequest, request: ProbedRequest },
);

const Huge = probe(
  'huge',
  {
    name: 'refuses-huge-bodies',
    competency: 'sec',
    level: 'mid',
    weight: 2,
    kind: 'security',
    timeoutMs: 180_000,
    impliedBy: 'A body of more than 1 MiB is refused with `413` before all of it has come.',
  },
  {
    ping: ProbedRequest,
    request: ProbedRequest,
    limitBytes: z
      .int()
      .min(1_024)
      .max(4 * MIB)
      .default(MIB),
  },
);

const Loris = probe(
  'loris',
  {
    name: 'closes-slow-connections',
    competency: 'sec',
    level: 'senior',
    weight: 1,
    kind: 'security',
    timeoutMs: 180_000,
    impliedBy: 'Clients that send their request too slowly are cut off and hold up nobody else.',
  },
  {
    ping: ProbedRequest,
    /** The timeout that the brief states and 30 s for Node to look; 60 s and 30 s where it states none. */
    closedWithinMs: z.int().min(1_000).max(120_000).default(95_000),
  },
);

const Header = probe(
  'header',
  {
    name: 'keeps-headers-clean',
    competency: 'sec',
    level: 'mid',
    weight: 1,
    kind: 'security',
    timeoutMs: 60_000,
    impliedBy: BAD_INPUT,
  },
  {
    ping: ProbedRequest,
    request: ProbedRequest.refine(
      (request) => hasPlaceholder(request, '{input}'),
      'must have {input} in its path, json or body',
    ),
  },
);

const Idempotency = probe(
  'idempotency',
  {
    name: 'may-be-repeated',
    competency: 'rest',
    level: 'mid',
    weight: 2,
    kind: 'edge',
    timeoutMs: 60_000,
    impliedBy: 'Repeating a `PUT` or `DELETE` does no harm.',
  },
  {
    /** What has to be there first, in order. */
    before: z.array(ProbedRequest).max(10).optional(),
    request: ProbedRequest,
    /** Shows what the request has changed. */
    state: ProbedRequest,
  },
);

const Queries = probe(
  'queries',
  {
    name: 'needs-few-queries',
    competency: 'sql',
    level: 'mid',
    weight: 3,
    kind: 'performance',
    timeoutMs: 120_000,
    impliedBy: 'The number of queries does not depend on how much is asked for.',
  },
  {
    /** The sidecar that counts. */
    store: z.enum(['postgres', 'redis']).default('postgres'),
    /** Asks for {n} things. */
    request: ProbedRequest.refine(
      (request) => hasPlaceholder(request, '{n}'),
      'must have {n} in its path, json or body',
    ),
  },
);

export const ProbeSpec = z.discriminatedUnion('probe', [
  Lag,
  Drain,
  Memory,
  Rejection,
  BadJson,
  Huge,
  Loris,
  Header,
  Idempotency,
  Queries,
]);
/** A check that is declared by one line; its code is the harness's. */
export type ProbeSpec = z.infer<typeof ProbeSpec>;

/** Every probe with the name that its check has where the task gives none. */
export const PROBES = ProbeSpec.options.map(({ shape }) => ({
  probe: shape.probe.value,
  checkName: shape.name.parse(undefined),
}));

export const CheckSpec = z.discriminatedUnion('probe', [WrittenCheck, ...ProbeSpec.options]);
/** One check as its author describes it. */
export type CheckSpec = z.infer<typeof CheckSpec>;
