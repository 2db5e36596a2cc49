import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@assay/contracts/client';
import { recruiterApi } from '@assay/contracts/http';
import { readSolution } from '@assay/tasks';
import { DEMO_CANDIDATES, DEMO_TASKS, type DemoCandidate } from './demo-candidates.js';
import { type JourneyResult, type Staff, takeAssessment } from './demo-journey.js';
import { findDemoLogin } from './demo-login.js';
import { mostProbable, renderTable } from './demo-table.js';
import { CONTENT } from './publish-tasks.js';

// `npm run demo -- [--json]`: the main job over HTTP, with solutions as a junior, a mid and a senior would write them.

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const {
  ASSAY_HOME: home = '',
  ASSAY_PORT: port = '3000',
  ASSAY_PUBLIC_URL: publicUrl = `http://localhost:${port}`,
  ASSAY_CANDIDATE_URL: candidateUrl = `http://localhost:${Number(port) + 1}`,
} = process.env;

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

const tell = (line: string) => void process.stderr.write(`${line}\n`);

/** One line that counts up on a terminal; in a file only its last state. */
function tellProgress(line: string, isLast: boolean): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line}${isLast ? '\n' : ''}`);
  else if (isLast) tell(line);
}

async function logIn(): Promise<Staff> {
  const login = await findDemoLogin(home);
  if (!login) throw new Error('this system has no demo organisation: start it without ASSAY_DEMO=false');
  const staff = createClient(recruiterApi, publicUrl);
  await staff.logIn({ body: login });
  return staff;
}

/** One candidate's solution of each task. */
const readSolutions = (solution: DemoCandidate['solution']) =>
  Promise.all(
    DEMO_TASKS.map(async (taskId) => ({
      taskId,
      files: await readSolution(join(CONTENT, 'demo', taskId, solution)),
    })),
  );

async function runDemo(): Promise<JourneyResult[]> {
  const staff = await logIn();
  const role = await staff.createRole({
    body: {
      title: 'Node.js back-end engineer (demo)',
      description: 'Builds and runs our HTTP services.',
      targetLevel: 'mid',
      competencies: { rest: 3, sec: 3, async: 2, struct: 2, perf: 1 },
    },
  });
  const assessment = await staff.createAssessment({
    body: { name: 'Node.js and Express, four tasks', minutes: 300, taskIds: DEMO_TASKS },
  });
  const results: JourneyResult[] = [];
  for (const { solution, ...candidate } of DEMO_CANDIDATES) {
    results.push(
      await takeAssessment({
        staff,
        candidateUrl,
        roleId: role.id,
        assessmentId: assessment.id,
        candidate,
        solutions: await readSolutions(solution),
        onStep: (step) => tell(`  ${candidate.name} ${step}`),
        onCheckGraded: ({ done, total, left }) =>
          tellProgress(
            `  ${candidate.name} is graded: check ${done} of ${total}, ${left} submissions left`,
            done === total,
          ),
      }),
    );
  }
  return results;
}

try {
  const results = await runDemo();
  const candidates = results.map(({ name, level, tasks, seconds }) => ({
    name,
    ...mostProbable(level),
    statement: level.overall.statement,
    checksPassed: sum(tasks.map(({ checksPassed }) => checksPassed)),
    checksTotal: sum(tasks.map(({ checksTotal }) => checksTotal)),
    tasks,
    seconds: Number(seconds.toFixed(2)),
  }));
  process.stdout.write(
    options.json ? `${JSON.stringify({ candidates }, null, 2)}\n` : `\n${renderTable(results)}\n`,
  );
} catch (error) {
  tell(`The demo did not finish: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
