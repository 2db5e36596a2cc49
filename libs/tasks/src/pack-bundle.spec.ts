import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MANIFEST, TASK_FILES, temporaryFolders } from '../test/task-folder.js';
import type { TaskBundle } from './bundle.js';
import { loadTask } from './load-task.js';
import { contentHash, packBundle, unpackBundle } from './pack-bundle.js';
import { TaskInvalid } from './task-invalid.js';

const folders = temporaryFolders();
afterAll(() => folders.remove());

const load = async (changes: Record<string, string> = {}): Promise<TaskBundle> =>
  loadTask(await folders.write({ ...TASK_FILES, ...changes }));

const packed = (value: unknown) => gzipSync(JSON.stringify(value));

function complaint(buffer: Buffer): string {
  try {
    unpackBundle(buffer);
  } catch (error) {
    if (error instanceof TaskInvalid)
      return error.problems.map(({ field, message }) => `${field}: ${message}`).join('\n');
    throw error;
  }
  return 'accepted';
}

describe('packing', () => {
  test('a round trip gives the same bundle', async () => {
    const bundle = await load();
    expect(unpackBundle(packBundle(bundle))).toEqual(bundle);
  });

  test('any text survives, and the order of files does not matter', async () => {
    const bundle = await load();
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 0, max: 5 }),
        async (content, turn) => {
          const reference = [...bundle.reference, { path: 'a.js', content }];
          const changed = { ...bundle, reference };
          const turned = {
            ...bundle,
            reference: [...reference.slice(turn % 3), ...reference.slice(0, turn % 3)],
          };
          expect(packBundle(turned).equals(packBundle(changed))).toBe(true);
          expect(contentHash(unpackBundle(packBundle(changed)))).toBe(contentHash(turned));
        },
      ),
    );
  });

  test('two loads of equal folders pack to equal bytes', async () => {
    expect(packBundle(await load()).equals(packBundle(await load()))).toBe(true);
  });
});

describe('the content hash', () => {
  test('ignores the receipt and the layout of the YAML', async () => {
    const hash = contentHash(await load());
    expect(contentHash(await load({ 'receipt.json': '{}' }))).toBe(hash);
    expect(contentHash(await load({ 'task.yaml': `# a comment\n${MANIFEST}` }))).toBe(hash);
  });

  test('ignores the order of fields', async () => {
    const bundle = await load();
    const manifest = Object.fromEntries(Object.entries(bundle.manifest).reverse()) as TaskBundle['manifest']; // the same fields
    expect(contentHash({ ...bundle, manifest })).toBe(contentHash(bundle));
  });

  test.each(Object.keys(TASK_FILES).filter((path) => path !== 'task.yaml'))(
    'changes with %s',
    async (path) => {
      const changed = await load({ [path]: `${TASK_FILES[path]}// changed\n` });
      expect(contentHash(changed)).not.toBe(contentHash(await load()));
    },
  );

  test('changes with the manifest, and when a file moves to another folder', async () => {
    const hash = contentHash(await load());
    expect(contentHash(await load({ 'task.yaml': MANIFEST.replace('weight: 3', 'weight: 2') }))).not.toBe(
      hash,
    );
    const bundle = await load();
    const turned = { ...bundle, reference: bundle.starter, starter: bundle.reference };
    expect(contentHash(turned)).not.toBe(hash);
  });
});

describe('hostile packs', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'null: is not a packed task'],
    ['no gzip', Buffer.from('{}'), 'null: is not a packed task'],
    ['no JSON', gzipSync('{'), 'null: is not a packed task'],
    ['another document', packed([]), ': must be a group of fields'],
    ['a zip bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024)), 'null: unpacks to more than a task may hold'],
    ['a large pack', Buffer.alloc(5 * 1024 * 1024), 'null: is larger than a task may be'],
  ])('%s', (_why, buffer, message) => {
    expect(complaint(buffer)).toBe(message);
  });

  test('a truncated pack', async () => {
    expect(complaint(packBundle(await load()).subarray(0, -10))).toBe('null: is not a packed task');
  });

  test.each(['../x.js', '/etc/passwd', 'a/../../x', 'a//b', 'a\nb', 'a\\b'])(
    'a path that leads out: %j',
    async (path) => {
      const bundle = await load();
      const hostile = { format: 'assay-task/1', bundle: { ...bundle, starter: [{ path, content: '' }] } };
      expect(complaint(packed(hostile))).toMatch(/^bundle\.starter\[0\]\.path: must be a relative path/);
    },
  );

  test.each([
    ['a wrong format', { format: 'assay-task/9' }, 'format: must be "assay-task/1"'],
    ['unknown fields', { extra: 1 }, 'extra: is not a known field'],
  ])('%s', async (_why, change, message) => {
    expect(complaint(packed({ format: 'assay-task/1', bundle: await load(), ...change }))).toBe(message);
  });

  test('contradictions that the loader would find are found here too', async () => {
    const bundle = await load();
    expect(complaint(packed({ format: 'assay-task/1', bundle: { ...bundle, mutants: [] } }))).toBe(
      'mutants[0].name: has no files in mutants/silent/',
    );
    const twice = [...bundle.checks, ...bundle.checks];
    expect(complaint(packed({ format: 'assay-task/1', bundle: { ...bundle, checks: twice } }))).toMatch(
      'is there twice',
    );
  });
});
