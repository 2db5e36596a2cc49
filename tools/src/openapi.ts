import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ASSESSMENT_API, RECRUITER_API } from '@assay/contracts/http';
import type { buildOpenApi } from '@assay/platform';

// `node tools/bootstrap/run.mjs openapi [--check]`: writes docs/openapi from the registries of the contracts. With
// --check it writes nothing, and ends with 1 when a committed file differs.

/** The repository's root, from tools/src and tools/dist alike. */
const ROOT = join(import.meta.dirname, '../..');

/** The committed descriptions of our APIs: path below the root, and what must stand there. */
export function openApiFiles(build: typeof buildOpenApi): { path: string; text: string }[] {
  const documents = {
    'recruiter-api': build(RECRUITER_API),
    'assessment-api': build(ASSESSMENT_API),
  };
  return Object.entries(documents).map(([name, document]) => ({
    path: `docs/openapi/${name}.json`,
    text: `${JSON.stringify(document, null, 2)}\n`,
  }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  await mkdir(join(ROOT, 'docs/openapi'), { recursive: true });
  // Here and not above: Jest 30 cannot load the whole platform (@fastify/static 10 requires an ES module).
  const { buildOpenApi } = await import('@assay/platform');
  for (const { path, text } of openApiFiles(buildOpenApi)) {
    const file = join(ROOT, path);
    if ((await readFile(file, 'utf8').catch(() => null)) === text) continue;
    if (values.check) {
      process.stderr.write(`${path} is not what the contracts say: run the command without --check\n`);
      process.exitCode = 1;
    } else {
      await writeFile(file, text);
      process.stderr.write(`wrote ${path}\n`);
    }
  }
}

// The spec imports this file, and must not run it.
if (process.argv[1] && (await realpath(process.argv[1])) === import.meta.filename) await main();
