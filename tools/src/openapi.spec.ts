import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildOpenApi } from '../../libs/platform/src/openapi.js';
import { openApiFiles } from './openapi.js';

test.each(openApiFiles(buildOpenApi))('$path is what the contracts say', async ({ path, text }) => {
  // Compared as values: a difference is then shown by its place in the document.
  const committed = JSON.parse(await readFile(join(import.meta.dirname, '../..', path), 'utf8'));
  expect(committed).toEqual(JSON.parse(text));
});
