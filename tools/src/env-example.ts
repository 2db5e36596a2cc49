import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ENVIRONMENT } from '@assay/platform';
import { z } from 'zod';

// `node tools/bootstrap/run.mjs env-example [--check]`: writes .env.example from the schema of the configuration. With
// --check it writes nothing, and ends with 1 when the committed file differs.

const FILE = join(import.meta.dirname, '../../.env.example');

const HEADER = `# Every setting of Assay's processes, with its default. Generated from libs/platform/src/config.ts: do not edit.
# Assay reads its environment, not this file. To use a copy of it:
#     set -a; . ./.env; set +a; npm start
# Any NAME may be given as NAME_FILE instead: the path of a file that holds the value.
`;

/** What we use of a variable's JSON schema. */
interface Variable {
  description?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
}

/** The text of .env.example: every variable commented out, so that a copy changes nothing until it is edited. */
export function renderEnvExample(environment: typeof ENVIRONMENT): string {
  const { properties = {}, required = [] } = z.toJSONSchema(environment, { io: 'input' });
  const blocks = Object.entries(properties).map(([name, schema]) => {
    const variable = schema as Variable;
    // What it becomes when it is not set; nothing for a variable without a default.
    const { data: fallback } = environment.shape[name as keyof typeof environment.shape].safeParse(undefined);
    const lines = [variable.description ?? '', allowed(variable), required.includes(name) ? 'Required.' : ''];
    const comment = lines.filter((line) => line !== '').map((line) => `# ${line}\n`);
    return `${comment.join('')}#${name}=${fallback ?? ''}\n`;
  });
  return [HEADER, ...blocks].join('\n');
}

function allowed({ enum: values, minimum, maximum }: Variable): string {
  if (values) return `One of ${values.join(', ')}.`;
  return minimum === undefined || maximum === undefined ? '' : `From ${minimum} to ${maximum}.`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  // Here and not above: Jest 30 cannot load the whole platform (@fastify/static 10 requires an ES module).
  const { ENVIRONMENT } = await import('@assay/platform');
  const text = renderEnvExample(ENVIRONMENT);
  if ((await readFile(FILE, 'utf8').catch(() => null)) === text) return;
  if (values.check) {
    process.stderr.write(
      '.env.example is not what the configuration says: run the command without --check\n',
    );
    process.exitCode = 1;
    return;
  }
  await writeFile(FILE, text);
  process.stderr.write('wrote .env.example\n');
}

// The spec imports this file, and must not run it.
if (process.argv[1] && (await realpath(process.argv[1])) === import.meta.filename) await main();
