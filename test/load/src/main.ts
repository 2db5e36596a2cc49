import { parseArgs } from 'node:util';
import type { BenchOptions, Measured } from './figures.js';
import { describeMachine } from './machine.js';
import { measureApi } from './measure-api.js';
import { measureGrading } from './measure-grading.js';
import { renderReport } from './render.js';
import type { SystemUnderLoad } from './system.js';

// Started by tools/bootstrap/bench.mjs with a suite's name and [--json] [--quick] [--gradings N]. Ends with 0 when a goal
// is missed: figures are not a test.

type Suite = (system: SystemUnderLoad, options: BenchOptions) => Promise<Measured>;

const SUITES: Record<string, Suite> = { api: measureApi, grading: measureGrading };

function parse(args: string[]): { measure: Suite; name: string; json: boolean; options: BenchOptions } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, gradings: { type: 'string' } },
    });
    const { json = false, quick = false, gradings } = values;
    const [name = '', ...others] = positionals;
    const measure = SUITES[name];
    if (measure && others.length === 0 && /^[1-9]\d*$/.test(gradings ?? '1'))
      return { measure, name, json, options: { quick, gradings: gradings ? Number(gradings) : null } };
  } catch {
    // Said below.
  }
  const names = Object.keys(SUITES).join(' or ');
  process.stderr.write(`usage: npm run bench -- <${names}> [--json] [--quick] [--gradings N]\n`);
  return process.exit(2);
}

const { measure, name, json, options } = parse(process.argv.slice(2));
// tools/bootstrap/bench.mjs writes exactly this.
const system = JSON.parse(process.env.ASSAY_BENCH_SYSTEM ?? '') as SystemUnderLoad;
const measured = await measure(system, options);
const machine = await describeMachine(system);
process.stdout.write(
  json
    ? `${JSON.stringify({ machine, suite: name, ...measured }, null, 2)}\n`
    : renderReport(machine, name, measured),
);
