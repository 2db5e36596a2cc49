import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ENVIRONMENT } from '@assay/platform';
import { z } from 'zod';

// `npm run env-example`: writes .env.example, and the table of docs/operations.md, from the schema of the configuration.

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, '.env.example');
const OPERATIONS = join(ROOT, 'docs/operations.md');
const TABLE = /(<!-- settings: npm run env-example -->\n)[^]*?(<!-- end of settings -->)/;

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

/** Every variable with what one has to know of it. */
function describeVariables(environment: typeof ENVIRONMENT) {
  const { properties = {}, required = [] } = z.toJSONSchema(environment, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => {
    const variable = schema as Variable;
    // What it becomes when it is not set; nothing for a variable without a default.
    const { data: fallback } = environment.shape[name as keyof typeof environment.shape].safeParse(undefined);
    const sentences = [
      variable.description ?? '',
      allowed(variable),
      required.includes(name) ? 'Required.' : '',
    ].filter((sentence) => sentence !== '');
    return { name, fallback: String(fallback ?? ''), sentences };
  });
}

/** The text of .env.example: every variable commented out, so that a copy changes nothing until it is edited. */
export function renderEnvExample(environment: typeof ENVIRONMENT): string {
  const blocks = describeVariables(environment).map(({ name, fallback, sentences }) => {
    const comment = sentences.map((sentence) => `# ${sentence}\n`);
    return `${comment.join('')}#${name}=${fallback}\n`;
  });
  return [HEADER, ...blocks].join('\n');
}

/** The manual with the table of settings as the configuration has it now; the rest stays as it is. */
export function renderOperations(manual: string, environment: typeof ENVIRONMENT): string {
  const rows = describeVariables(environment).map(
    ({ name, fallback, sentences }) =>
      `| \`${name}\` | ${fallback && `\`${fallback}\``} | ${sentences.join(' ').replaceAll('<', '&lt;')} |\n`,
  );
  if (!TABLE.test(manual)) throw new Error('docs/operations.md has lost the place of its table of settings');
  const table = ['| variable | default | what it is |\n', '|---|---|---|\n', ...rows].join('');
  return manual.replace(TABLE, (_, begin: string, end: string) => begin + table + end);
}

function allowed({ enum: values, minimum, maximum }: Variable): string {
  if (values) return `One of ${values.join(', ')}.`;
  return minimum === undefined || maximum === undefined ? '' : `From ${minimum} to ${maximum}.`;
}

async function main(): Promise<void> {
  // Here and not above: Jest 30 cannot load the whole platform (@fastify/static 10 requires an ES module).
  const { ENVIRONMENT } = await import('@assay/platform');
  await writeFile(EXAMPLE, renderEnvExample(ENVIRONMENT));
  await writeFile(OPERATIONS, renderOperations(await readFile(OPERATIONS, 'utf8'), ENVIRONMENT));
  process.stderr.write('wrote .env.example and the table of docs/operations.md\n');
}

// The spec imports this file, and must not run it.
if (process.argv[1] && (await realpath(process.argv[1])) === import.meta.filename) await main();
