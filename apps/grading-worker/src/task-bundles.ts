import { Database, readBundle } from '@assay/db';
import { type TaskBundle, unpackBundle } from '@assay/tasks';
import { Injectable } from '@nestjs/common';

const KEPT = 16;

/** Task bundles by content hash, the last few kept in memory: a published version never changes. */
@Injectable()
export class TaskBundles {
  private readonly kept = new Map<string, TaskBundle>();

  constructor(private readonly db: Database) {}

  /** Throws when the bundle is not stored or damaged: ours, never the candidate's. */
  async get(contentHash: string): Promise<TaskBundle> {
    const bundle =
      this.kept.get(contentHash) ?? unpackBundle(Buffer.from(await readBundle(this.db, contentHash)));
    // Insertion order is the order of use: the oldest goes first.
    this.kept.delete(contentHash);
    this.kept.set(contentHash, bundle);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
    return bundle;
  }
}
