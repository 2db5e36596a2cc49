import type { SourceFile } from '@assay/contracts';

export interface WorkToSubmit {
  files: readonly SourceFile[];
  starter: readonly SourceFile[];
  /** Edits that the server does not have. */
  pending: number;
  /** Files that the server has refused as they are. */
  refusedPaths: readonly string[];
  /** The files' version now, and when the sample checks were last run and finished; null when they never were. */
  version: number;
  checkedVersion: number | null;
  failedChecks: number;
}

/** What somebody should know before they submit, in sentences: what is unsaved, unrun, untouched. Empty: nothing. */
export function whatIsOpen(work: WorkToSubmit): string[] {
  const said: string[] = [];
  if (work.pending > 0)
    said.push(
      'Some edits are not saved yet. Wait until the bar says “Saved”: only what is saved is submitted.',
    );
  for (const path of work.refusedPaths) said.push(`${path} is not saved as it is.`);
  if (isUntouched(work)) said.push('Nothing has been changed: this is what you were given.');
  if (work.checkedVersion === null) said.push('The sample checks were never run.');
  else if (work.checkedVersion !== work.version)
    said.push('The sample checks were run before your last change.');
  else if (work.failedChecks > 0)
    said.push(
      `${work.failedChecks} of the sample checks ${work.failedChecks === 1 ? 'does' : 'do'} not pass.`,
    );
  return said;
}

function isUntouched({ files, starter }: WorkToSubmit): boolean {
  const before = new Map(starter.map(({ path, content }) => [path, content]));
  return files.length === before.size && files.every(({ path, content }) => before.get(path) === content);
}
