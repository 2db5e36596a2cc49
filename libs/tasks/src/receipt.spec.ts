import { afterAll, expect, test } from '@jest/globals';
import { temporaryFolders } from '../test/task-folder.js';
import { readReceipt, writeReceipt } from './receipt.js';

const folders = temporaryFolders();
afterAll(() => folders.remove());

const receipt = {
  task: 'echo',
  version: 1,
  contentHash: 'a'.repeat(64),
  runs: 3,
  engine: 'bubblewrap 0.8.0',
  verifiedAt: '2026-01-02T03:04:05.000Z',
};

test('what was written is read', async () => {
  const folder = await folders.write({});
  expect(await readReceipt(folder)).toBeNull();
  await writeReceipt(folder, receipt);
  expect(await readReceipt(folder)).toEqual(receipt);
});

test.each([
  ['{', 'receipt.json: is not JSON'],
  ['{"task":"echo"}', 'receipt.json: is not a gate receipt'],
  [JSON.stringify({ ...receipt, contentHash: 'short' }), 'receipt.json: is not a gate receipt'],
])('%s is refused', async (text, message) => {
  await expect(readReceipt(await folders.write({ 'receipt.json': text }))).rejects.toThrow(message);
});
