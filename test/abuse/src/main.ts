import { parseArgs } from 'node:util';
import { isWallName, WALL_NAMES } from '@assay/sandbox';
import { ABUSE_CASES } from './all-cases.js';
import { openArena } from './arena.js';
import { attack, type CaseResult } from './attack.js';

// `npm run abuse -- [--engine bwrap] [--case name] [--json]`: attacks the sandbox of this machine. Ends with 0 when every case held, 1
// when one did not (as another user than root those that rest on cgroups do not: docs/security.md), 2 when there is nothing to attack.

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    engine: { type: 'string', default: 'bwrap' },
    json: { type: 'boolean' },
  },
});
const wanted = ABUSE_CASES.filter(({ name }) => values.case === undefined || name === values.case);
if (wanted.length === 0) {
  process.stderr.write(
    `there is no case ${values.case}; there are ${ABUSE_CASES.map(({ name }) => name).join(' ')}\n`,
  );
  process.exit(2);
}

if (!isWallName(values.engine)) {
  process.stderr.write(`there is no engine ${values.engine}; there are ${WALL_NAMES.join(' ')}\n`);
  process.exit(2);
}
const arena = await openArena(values.engine).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
const results: CaseResult[] = [];
for (const one of wanted) {
  const result = await attack(arena, one);
  results.push(result);
  if (!values.json)
    process.stdout.write(
      `${result.held ? 'held    ' : 'NOT HELD'}  ${result.name.padEnd(20)} ${result.detail}\n`,
    );
}
const { engine, degraded } = await arena.engine.selfTest();
await arena.close();
const broken = results.filter(({ held }) => !held);
process.stdout.write(
  values.json
    ? `${JSON.stringify({ engine, degraded, cases: results }, null, 2)}\n`
    : `\n${results.length - broken.length} of ${results.length} held on ${engine}\n${degraded.map((line) => `degraded: ${line}\n`).join('')}`,
);
process.exitCode = broken.length === 0 ? 0 : 1;
