import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { Database } from './database.js';
import { lockRow } from './locked-rows.js';
import { readStoredDocument } from './stored-documents.js';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** What is changed within so long is one step of a playback. */
const STEP_MS = 2_000;
/** Far above what a document may hold; a stored history that unpacks to more is damaged. */
const MAX_HISTORY_BYTES = 256 * 1024 * 1024;
/** A few at a time: compressing takes the processor. */
const COMPACTED_AT_ONCE = 5;

/** A step of a playback: applied in order to an empty document, they give the document as it was after `atMs`. */
export interface EditStep {
  /** Since the document was made, which is the first step. */
  atMs: number;
  update: Uint8Array;
}

/** Joins updates to steps of up to two seconds. `at` never falls. */
export function toSteps(updates: readonly { at: Date; bytes: Uint8Array }[]): EditStep[] {
  const steps: { atMs: number; updates: Uint8Array[] }[] = [];
  const beganMs = updates[0]?.at.getTime() ?? 0;
  for (const { at, bytes } of updates) {
    const atMs = at.getTime() - beganMs;
    const last = steps.at(-1);
    // The first step stands alone: it is what the task began with.
    if (last && steps.length > 1 && atMs - last.atMs < STEP_MS) last.updates.push(bytes);
    else steps.push({ atMs, updates: [bytes] });
  }
  return steps.map((step) => ({ atMs: step.atMs, update: Y.mergeUpdates(step.updates) }));
}

export function encodeSteps(steps: readonly EditStep[]): Promise<Uint8Array> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, steps.length);
  let lastMs = 0;
  for (const { atMs, update } of steps) {
    encoding.writeVarUint(encoder, Math.max(0, atMs - lastMs));
    encoding.writeVarUint8Array(encoder, Y.convertUpdateFormatV1ToV2(update));
    lastMs = atMs;
  }
  return compress(encoding.toUint8Array(encoder));
}

export async function decodeSteps(bytes: Uint8Array): Promise<EditStep[]> {
  const decoder = decoding.createDecoder(await decompress(bytes, { maxOutputLength: MAX_HISTORY_BYTES }));
  let atMs = 0;
  return Array.from({ length: decoding.readVarUint(decoder) }, () => {
    atMs += decoding.readVarUint(decoder);
    return { atMs, update: Y.convertUpdateFormatV2ToV1(decoding.readVarUint8Array(decoder)) };
  });
}

/** How a workspace came to be what it is; empty when nobody ever opened it. */
export async function editHistory(db: Database, attemptTaskId: string): Promise<EditStep[]> {
  const document = await db.prisma.workspaceDocument.findUnique({ where: { attemptTaskId } });
  if (document?.history) return decodeSteps(document.history);
  const updates = await db.prisma.workspaceUpdate.findMany({
    where: { attemptTaskId },
    orderBy: { sequence: 'asc' },
  });
  return toSteps(updates);
}

/**
 * Puts the compact history in the place of the updates of workspaces that have ended: submitted, or their attempt closed
 * for a while (closing can be undone for some minutes). Some at a time; gives how many.
 */
export async function compactEndedWorkspaces(db: Database): Promise<number> {
  const ended = await db.prisma.$queryRaw<{ attemptTaskId: string; attemptId: string }[]>`
    SELECT task.id AS "attemptTaskId", task.attempt_id AS "attemptId"
    FROM workspace_document AS document
    JOIN attempt_task AS task ON task.id = document.attempt_task_id
    JOIN attempt ON attempt.id = task.attempt_id
    WHERE document.history IS NULL AND (
      attempt.closed_at < now() - interval '15 minutes' OR EXISTS (
        SELECT 1 FROM submission
        WHERE submission.attempt_id = task.attempt_id AND submission.task_version_id = task.task_version_id))
    LIMIT ${COMPACTED_AT_ONCE}`;
  for (const { attemptTaskId, attemptId } of ended) await compact(db, attemptId, attemptTaskId);
  return ended.length;
}

/** The updates of an ended workspace never change: they are read and compressed before anything is locked. */
async function compact(db: Database, attemptId: string, attemptTaskId: string): Promise<void> {
  const updates = await db.prisma.workspaceUpdate.findMany({
    where: { attemptTaskId },
    orderBy: { sequence: 'asc' },
  });
  const sequence = updates.at(-1)?.sequence;
  if (sequence === undefined) return;
  const history = new Uint8Array(await encodeSteps(toSteps(updates)));
  const state = new Uint8Array(Y.encodeStateAsUpdate(await readStoredDocument(db.prisma, attemptTaskId)));
  await db.transaction(async (tx) => {
    await lockRow(tx, 'attempt', attemptId);
    const { count } = await tx.workspaceDocument.updateMany({
      where: { attemptTaskId, history: null },
      data: { history, state, sequence },
    });
    if (count > 0) await tx.workspaceUpdate.deleteMany({ where: { attemptTaskId } });
  });
}
