import type { CheckSubject, CheckSurroundings } from './check-subject.js';
import { createCompare } from './compare.js';
import { createHttpSubject } from './http-subject.js';
import { createModuleSubject } from './module-subject.js';
import { seededRandom } from './seeded-random.js';
import { solutionFiles } from './solution-files.js';

export interface PreparedCheck {
  /** From this call on the check's time runs. */
  makeTools(): object;
  /** Ends what runs, and gives the tools of one of the candidate's that meets nothing of what came before it. */
  startAfresh(env: Record<string, string>): Promise<object>;
}

/** Makes ready what a check looks at. */
export function prepareCheck(surroundings: CheckSurroundings): Promise<PreparedCheck> {
  return surroundings.command.mode === 'http'
    ? prepareFor(createHttpSubject(surroundings), surroundings)
    : prepareFor(createModuleSubject(surroundings), surroundings);
}

async function prepareFor<Tools extends object>(
  { prepare, open, close }: CheckSubject<Tools>,
  { command, solutionFolder }: CheckSurroundings,
): Promise<PreparedCheck> {
  const tools = await prepare();
  const makeTools = () => {
    const endMs = performance.now() + command.timeoutMs;
    const compare = createCompare<Tools>({ open, close, timeLeftMs: () => endMs - performance.now() });
    const random = seededRandom(command.seed, command.name);
    return { ...tools, compare, random, solution: solutionFiles(solutionFolder) };
  };
  const startAfresh = async (env: Record<string, string>) => {
    await close();
    return open('candidate', env);
  };
  return { makeTools, startAfresh };
}
