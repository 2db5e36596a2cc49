import { PROBLEMS, Problem, type ProblemCode } from '@assay/contracts/problems';

/** What supertest gives of an answer, as far as problems are concerned. */
interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Traces of our insides: stack frames, files of ours, SQL, Prisma's own words. */
const INSIDES = /\n\s+at |node_modules|\/(?:src|dist)\/|\.(?:ts|js):\d|prisma|SELECT |constraint/i;

/**
 * The problem document of an answer. Throws an Error that shows the answer unless it is one of this code, whole and
 * well labelled, that says nothing of our insides.
 */
export function problemOf(answer: Answer, code: ProblemCode): Problem {
  const wrong = (what: string) =>
    new Error(`expected the problem ${code}, but ${what}: ${answer.status} ${answer.text.slice(0, 2_000)}`);
  if (!/^application\/problem\+json\b/.test(answer.headers['content-type'] ?? ''))
    throw wrong(`the content type is ${answer.headers['content-type']}`);
  const parsed = Problem.safeParse(JSON.parse(answer.text));
  if (!parsed.success) throw wrong('it does not parse');
  const problem = parsed.data;
  if (problem.code !== code) throw wrong(`the code is ${problem.code}`);
  if (answer.status !== PROBLEMS[code].status || problem.status !== answer.status)
    throw wrong(`the status is ${answer.status}`);
  if (problem.requestId !== answer.headers['x-request-id']) throw wrong('the request id differs');
  if (INSIDES.test(answer.text)) throw wrong('it tells of our insides');
  return problem;
}
