import type { CheckResult } from '@assay/contracts';
import type { SandboxEngine } from '@assay/sandbox';
import { CheckSpec, type TaskBundle } from '@assay/tasks';
import { gradeSolution } from '../src/grade-solution.js';
import { echoTask, serverFile, type TaskShape } from './echo-task.js';

/** A probe as an author declares it. */
export type Declared = { probe: string } & Readonly<Record<string, unknown>>;

/** A task of nothing but probes. */
export function probedTask(probes: readonly Declared[], shape: Omit<TaskShape, 'hidden'>): TaskBundle {
  const bundle = echoTask({ ...shape, hidden: {} });
  bundle.manifest.checks.hidden = probes.map((probe) => CheckSpec.parse(probe));
  return bundle;
}

type Found = Pick<CheckResult, 'verdict' | 'message' | 'expected' | 'actual'>;

/** What a candidate is told of a server by one probe. Throws where the grading was void or failed on our side. */
export async function judgeBy(
  engine: SandboxEngine,
  probe: Declared,
  reference: string,
  candidate = reference,
  shape: Omit<TaskShape, 'hidden'> = {},
): Promise<Found> {
  const bundle = probedTask([probe], { reference, ...shape });
  const files = serverFile(candidate);
  const result = await gradeSolution({ engine, bundle, files, checks: 'hidden', seed: 'seed' });
  const [check] = result.checks;
  if (!check) throw new Error(result.reason ?? 'no check was run');
  const { verdict, message, expected, actual } = check;
  return { verdict, message, expected, actual };
}

export const PASSED: Found = { verdict: 'passed', message: null, expected: null, actual: null };

/** A server in which `routes` answers what is not `GET /ping`; `head` runs before it listens. */
export const serving = (routes: string, head = '') => `import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
${head}
const bodyOf = async (request) => Buffer.concat(await request.toArray());
const answer = async (request, response) => {
  const { method } = request;
  const { pathname: path, searchParams: query } = new URL(request.url, 'http://localhost');
  if (path === '/ping') return response.end('pong');
  ${routes}
  response.writeHead(404).end();
};
const server = http.createServer((request, response) => void answer(request, response));
server.listen(process.env.PORT, '127.0.0.1');
`;
