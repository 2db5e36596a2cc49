import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ENVIRONMENT, parseConfig } from '../../libs/platform/src/config.js';
import { renderEnvExample, renderOperations } from './env-example.js';

test('.env.example is what the configuration says', async () => {
  const committed = await readFile(join(import.meta.dirname, '../../.env.example'), 'utf8');
  expect(committed).toBe(renderEnvExample(ENVIRONMENT));
});

test('the table of docs/operations.md is what the configuration says', async () => {
  const manual = await readFile(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  expect(manual).toBe(renderOperations(manual, ENVIRONMENT));
  for (const name of Object.keys(ENVIRONMENT.shape)) expect(manual).toContain(`| \`${name}\` |`);
});

test('every variable says what it is for', () => {
  const silent = Object.entries(ENVIRONMENT.shape).filter(([, schema]) => !schema.meta()?.description);
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('the defaults that it shows are accepted', () => {
  const shown = [...renderEnvExample(ENVIRONMENT).matchAll(/^#([A-Z_]+)=(.+)$/gm)].map(([, name, value]) => [
    name,
    value,
  ]);
  const needed = { ASSAY_HOME: '/tmp', REDIS_URL: 'redis://127.0.0.1' };
  expect(parseConfig({ ...Object.fromEntries(shown), ...needed })).toEqual(parseConfig(needed));
});
