import { join } from 'node:path';
import { type Database, publishTask } from '@assay/db';
import { contentHash, findTask, listTaskIds, loadTask, packBundle, readReceipt } from '@assay/tasks';

/**
 * Publishes every task of a content folder that has a gate receipt for exactly its content. Gives a line for each that
 * was published or refused; what is published already is passed over.
 */
export async function publishTasks(db: Database, contentFolder: string): Promise<string[]> {
  const lines: string[] = [];
  for (const taskId of await listTaskIds(contentFolder)) {
    const folder = await findTask(contentFolder, taskId);
    const bundle = await loadTask(folder);
    const hash = contentHash(bundle);
    const receipt = await readReceipt(folder);
    if (receipt?.contentHash !== hash) {
      lines.push(
        `${taskId} is not published: no gate receipt for its content. Run: npm run task -- verify ${taskId}`,
      );
      continue;
    }
    const { manifest } = bundle;
    const isNew = await publishTask(db, {
      taskId: manifest.id,
      version: manifest.version,
      code: manifest.code,
      title: manifest.title,
      minutes: manifest.minutes,
      competencies: manifest.competencies,
      brief: bundle.brief,
      starter: bundle.starter,
      sampleChecks: manifest.checks.sample.map(({ name, competency, level, impliedBy }) => ({
        name,
        competency,
        level,
        impliedBy,
      })),
      limits: { memoryMb: manifest.limits.memoryMb, cpus: manifest.limits.cpus, pids: manifest.limits.pids },
      contentHash: hash,
      bundle: packBundle(bundle),
    });
    if (isNew) lines.push(`published ${taskId} version ${manifest.version}`);
  }
  return lines;
}

export const CONTENT = join(import.meta.dirname, '../../content');
