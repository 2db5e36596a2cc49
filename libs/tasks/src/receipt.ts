import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { TaskId } from './manifest.js';
import { readTextFile } from './source-folder.js';
import { TaskInvalid } from './task-invalid.js';

export const RECEIPT_FILE = 'receipt.json';
const MAX_BYTES = 16 * 1024;

export const GateReceipt = z.strictObject({
  task: TaskId,
  version: z.int().min(1),
  contentHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** How often the reference passed in a row. */
  runs: z.int().min(1),
  /** The engine that ran it, e.g. `bubblewrap 0.8.0`. */
  engine: z.string(),
  verifiedAt: z.iso.datetime(),
});
/** Says that the gate passed for exactly this content; a task whose hash differs has not been verified. */
export type GateReceipt = z.infer<typeof GateReceipt>;

/** A task's gate receipt; null when it has none. Throws `TaskInvalid` when the file is not a receipt. */
export async function readReceipt(dir: string): Promise<GateReceipt | null> {
  const read = await readTextFile(join(dir, RECEIPT_FILE), MAX_BYTES);
  if ('refused' in read && read.refused.includes('ENOENT')) return null;
  const refuse = (message: string) =>
    new TaskInvalid(basename(dir), [{ file: RECEIPT_FILE, line: null, field: null, message }]);
  if ('refused' in read) throw refuse(read.refused);
  let value: unknown;
  try {
    value = JSON.parse(read.content);
  } catch {
    throw refuse('is not JSON');
  }
  const parsed = GateReceipt.safeParse(value);
  if (!parsed.success) throw refuse('is not a gate receipt');
  return parsed.data;
}

/** Writes the receipt beside the task it is for. */
export async function writeReceipt(dir: string, receipt: GateReceipt): Promise<void> {
  await writeFile(join(dir, RECEIPT_FILE), `${JSON.stringify(GateReceipt.parse(receipt), null, 2)}\n`);
}
