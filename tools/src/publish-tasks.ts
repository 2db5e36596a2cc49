import { join } from 'node:path';
import { type Database, publishTask } from '@assay/db';
import {
  contentHash,
  findTask,
  listTaskIds,
  loadTask,
  NODE_VERSIONS,
  type NodeMajor,
  packBundle,
  readReceipt,
} from '@assay/tasks';

/**
 * Publishes every task of a content folder that has a gate receipt for exactly its content. Gives a line for each that
 * was published or refused; what is published already is passed over. `installNode` is called for every Node that a
 * published task chooses; that it cannot be had is a line too, for a worker elsewhere may have it.
 */
export async function publishTasks(
  db: Database,
  contentFolder: string,
  installNode: (major: NodeMajor) => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const lines: string[] = [];
  const majors = new Set<NodeMajor>();
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
    if (manifest.node !== undefined) majors.add(manifest.node);
    const isNew = await publishTask(db, {
      taskId: manifest.id,
      version: manifest.version,
      code: manifest.code,
      title: manifest.title,
      mode: manifest.mode,
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
      hiddenChecks: manifest.checks.hidden.map(({ name, impliedBy, probe }) => ({
        name,
        impliedBy,
        probe: probe ?? null,
      })),
      limits: {
        memoryMb: manifest.limits.memoryMb,
        cpus: manifest.limits.cpus,
        pids: manifest.limits.pids,
        ...(manifest.node !== undefined && { nodeVersion: versionOf(manifest.node) }),
      },
      contentHash: hash,
      bundle: packBundle(bundle),
    });
    if (isNew) lines.push(`published ${taskId} version ${manifest.version}`);
  }
  for (const major of majors) {
    await installNode(major).catch((error: unknown) => {
      lines.push(`Node ${major} is not here, gradings on it wait: ${String(error)}`);
    });
  }
  return lines;
}

const versionOf = (major: NodeMajor) =>
  process.version.startsWith(`v${major}.`) ? process.version : NODE_VERSIONS[major];

export const CONTENT = join(import.meta.dirname, '../../content');
