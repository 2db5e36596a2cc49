import type { SourceFile } from '@assay/contracts';
import { toFiles } from '@assay/workspace-document';
import { useEffect, useState } from 'react';
import type { WorkspaceSession } from '../document/workspace-session.js';

/** Nobody reads the marks while typing. */
const AFTER_MS = 400;

/** Which files are not as they were at the start: `new` or `changed`, by path. */
export function useChanges(
  session: WorkspaceSession,
  starter: readonly SourceFile[],
): ReadonlyMap<string, string> {
  const [changes, setChanges] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const before = new Map(starter.map(({ path, content }) => [path, content]));
    const compare = () => setChanges(changesOf(toFiles(session.doc), before));
    let timer = setTimeout(compare);
    const forget = session.version.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(compare, AFTER_MS);
    });
    return () => {
      forget();
      clearTimeout(timer);
    };
  }, [session, starter]);
  return changes;
}

function changesOf(files: SourceFile[], before: ReadonlyMap<string, string>): Map<string, string> {
  const changes = new Map<string, string>();
  if (before.size === 0) return changes;
  for (const { path, content } of files) {
    const was = before.get(path);
    if (was !== content) changes.set(path, was === undefined ? 'new' : 'changed');
  }
  return changes;
}
