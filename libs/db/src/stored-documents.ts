import * as Y from 'yjs';
import type { Transaction } from './database.js';

/** All that is stored of a workspace's document; empty when it has none. */
export async function readStoredDocument(tx: Transaction, attemptTaskId: string): Promise<Y.Doc> {
  const whole = await tx.workspaceDocument.findUnique({ where: { attemptTaskId } });
  const updates = await tx.workspaceUpdate.findMany({
    where: { attemptTaskId, sequence: { gt: whole?.sequence ?? 0 } },
    orderBy: { sequence: 'asc' },
    select: { bytes: true },
  });
  const doc = new Y.Doc();
  if (whole) Y.applyUpdate(doc, whole.state);
  if (updates.length > 0) Y.applyUpdate(doc, Y.mergeUpdates(updates.map(({ bytes }) => bytes)));
  return doc;
}
