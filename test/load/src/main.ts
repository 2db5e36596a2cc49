import type { Measured } from './figures.js';
import { describeMachine } from './machine.js';
import { measureApi } from './measure-api.js';
import { measureGrading } from './measure-grading.js';
import { renderReport } from './render.js';
import type { SystemUnderLoad } from './system.js';

// Started by tools/bootstrap/bench.mjs with a suite's name and [--json] [--quick]. Ends with 0 when a goal is missed:
// figures are not a test.

type Suite = (system: SystemUnderLoad, quick: boolean) => Promise<Measured>;

const SUITES: Record<string, Suite> = { api: measureApi, grading: measureGrading };

const [name = '', ...options] = process.argv.slice(2);
const unknown = options.find((option) => !['--json', '--quick'].includes(option));
const measure = SUITES[name];
if (!measure || unknown) {
  process.stderr.write(`usage: npm run bench -- <${Object.keys(SUITES).join(' or ')}> [--json] [--quick]\n`);
  process.exit(2);
}
// tools/bootstrap/bench.mjs writes exactly this.
const system = JSON.parse(process.env.ASSAY_BENCH_SYSTEM ?? '') as SystemUnderLoad;
const measured = await measure(system, options.includes('--quick'));
const machine = await describeMachine(system);
process.stdout.write(
  options.includes('--json')
    ? `${JSON.stringify({ machine, suite: name, ...measured }, null, 2)}\n`
    : renderReport(machine, name, measured),
);
