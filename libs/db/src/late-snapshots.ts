import type { SourceFile } from '@assay/contracts';
import { AppError } from '@assay/core/error';
import { projectFiles, toFiles } from '@assay/workspace-document';
import * as Y from 'yjs';
import { type Database, databaseNow, type Transaction } from './database.js';
import { lockRow } from './locked-rows.js';
import { readSnapshot, storeSnapshot } from './snapshots.js';
import { readStoredDocument } from './stored-documents.js';

/** Of one workspace, all its late updates merged. */
const MAX_LATE_BYTES = 16 * 1024 * 1024;

/**
 * Keeps what arrived of a workspace after it had ended, as a snapshot of its own: what was submitted, and all late edits
 * merged into it. Never touches the workspace or its submission. False when nothing in it was new.
 */
export function recordLateUpdate(
  db: Database,
  { attemptId, attemptTaskId }: { attemptId: string; attemptTaskId: string },
  update: Uint8Array,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockRow(tx, 'attempt', attemptId);
    const kept = await tx.lateSnapshot.findUnique({ where: { attemptTaskId } });
    const merged = new Uint8Array(kept ? Y.mergeUpdates([kept.update, update]) : update);
    if (merged.length > MAX_LATE_BYTES) {
      throw new AppError('file.no_room', 'This task has ended, and more late edits are not kept.');
    }
    const { files, submitted } = await lateFiles(tx, attemptTaskId, merged);
    if (!kept && JSON.stringify(files) === submitted) return false;
    const row = {
      update: merged,
      snapshotSha256: await storeSnapshot(tx, files),
      receivedAt: await databaseNow(tx),
    };
    await tx.lateSnapshot.upsert({
      where: { attemptTaskId },
      create: { attemptTaskId, ...row },
      update: row,
    });
    return true;
  });
}

/** Of the task that was submitted; null when nothing arrived late. */
export async function findLateSnapshot(
  tx: Transaction,
  submission: { attemptId: string; taskVersionId: string },
): Promise<{ receivedAt: string; files: SourceFile[] } | null> {
  const { attemptId, taskVersionId } = submission;
  const late = await tx.lateSnapshot.findFirst({ where: { attemptTask: { attemptId, taskVersionId } } });
  if (!late) return null;
  return {
    receivedAt: late.receivedAt.toISOString(),
    files: await readSnapshot(tx, late.snapshotSha256),
  };
}

async function lateFiles(tx: Transaction, attemptTaskId: string, update: Uint8Array) {
  const doc = await readStoredDocument(tx, attemptTaskId);
  const submitted = JSON.stringify(toFiles(doc));
  Y.applyUpdate(doc, update);
  const { files } = projectFiles(doc, new Map());
  return { files, submitted };
}
