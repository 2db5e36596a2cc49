import type { HttpTools } from '../http-subject.js';
import { demand, demandStatus, PATIENCE_MS } from './demand.js';
import { filledIn } from './filled-in.js';
import type { Probe, SpecOf } from './probe.js';

const FEW = 10;
const MANY = 50;
const TOLERATED_DIFFERENCE = 1;
const TOLERATED_MORE = 2;
/** What Redis's clients say of themselves, whenever they connect. */
const OF_CONNECTING = new Set([
  'hello',
  'auth',
  'select',
  'info',
  'ping',
  'client|setinfo',
  'client|setname',
]);

/** The same request for few things and for many: a query for each thing shows. */
export const queries: Probe<'queries'> = ({ compare }, spec) =>
  compare({
    env: spec.env,
    measure: (tools) => queriesForMany(tools, spec),
    limit: (reference) => reference + TOLERATED_MORE,
    unit: spec.store === 'postgres' ? 'queries' : 'commands',
    message: `${spec.request.method} ${spec.request.path} must do with few queries.`,
  });

async function queriesForMany(tools: HttpTools, spec: SpecOf<'queries'>): Promise<number> {
  await counted(tools, spec, FEW); // connects, and prepares what is prepared once
  const few = await counted(tools, spec, FEW);
  const many = await counted(tools, spec, MANY);
  demand(
    Math.abs(many - few) <= TOLERATED_DIFFERENCE,
    `${spec.request.method} ${spec.request.path} must not need more queries for more results.`,
    { expected: `${few} for ${MANY}, as for ${FEW}`, actual: `${many} for ${MANY}` },
  );
  return many;
}

/** How much the store was asked for one request. */
async function counted(tools: HttpTools, { store, request }: SpecOf<'queries'>, n: number): Promise<number> {
  const total = store === 'postgres' ? statementsIn : commandsIn;
  const before = await total(tools);
  const answer = await tools.http.request({ ...filledIn(request, 'n', String(n)), timeoutMs: PATIENCE_MS });
  demandStatus(answer, 'a 2xx status', `${request.method} ${request.path} must be answered with 2xx.`);
  return (await total(tools)) - before;
}

async function statementsIn({ postgres }: HttpTools): Promise<number> {
  const statements = (await postgres?.statements()) ?? []; // the task has it: bundle-consistency.ts
  return statements.reduce((sum, { calls }) => sum + calls, 0);
}

async function commandsIn({ redis }: HttpTools): Promise<number> {
  const commands = Object.entries((await redis?.commands()) ?? {});
  return commands.reduce((sum, [name, calls]) => (OF_CONNECTING.has(name) ? sum : sum + calls), 0);
}
