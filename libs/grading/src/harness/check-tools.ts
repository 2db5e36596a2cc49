import type { CheckSubject, CheckSurroundings } from './check-subject.js';
import { createCompare } from './compare.js';
import { createHttpSubject } from './http-subject.js';
import { createModuleSubject } from './module-subject.js';
import { seededRandom } from './seeded-random.js';
import { solutionFiles } from './solution-files.js';

/** Makes ready what a check looks at, and gives what makes its tools; from that call on the check's time runs. */
export function prepareCheck(surroundings: CheckSurroundings): Promise<() => object> {
  return surroundings.command.mode === 'http'
    ? prepareFor(createHttpSubject(surroundings), surroundings)
    : prepareFor(createModuleSubject(surroundings), surroundings);
}

async function prepareFor<Tools extends object>(
  { prepare, open, close }: CheckSubject<Tools>,
  { command, solutionFolder }: CheckSurroundings,
): Promise<() => object> {
  const tools = await prepare();
  return () => {
    const endMs = performance.now() + command.timeoutMs;
    const compare = createCompare<Tools>({ open, close, timeLeftMs: () => endMs - performance.now() });
    const random = seededRandom(command.seed, command.name);
    return { ...tools, compare, random, solution: solutionFiles(solutionFolder) };
  };
}
