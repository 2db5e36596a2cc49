/** A line of the file tree as it is shown. Folders have no id: they are there because of what lies in them. */
export type TreeRow =
  | { kind: 'folder'; path: string; name: string; depth: number; isOpen: boolean }
  | { kind: 'file'; path: string; name: string; depth: number; id: string };

interface Listed {
  id: string;
  path: string;
}

interface Folder {
  folders: Map<string, Folder>;
  files: Listed[];
}

/** The rows that can be seen, folders first, each level by name; nothing of what lies in a closed folder. */
export function visibleRows(files: readonly Listed[], closed: ReadonlySet<string>): TreeRow[] {
  const root: Folder = { folders: new Map(), files: [] };
  for (const file of files) {
    let folder = root;
    for (const name of file.path.split('/').slice(0, -1)) {
      const inner = folder.folders.get(name) ?? { folders: new Map(), files: [] };
      folder.folders.set(name, inner);
      folder = inner;
    }
    folder.files.push(file);
  }
  return rowsOf(root, '', 0, closed);
}

function rowsOf(folder: Folder, prefix: string, depth: number, closed: ReadonlySet<string>): TreeRow[] {
  const folders = [...folder.folders].sort(([a], [b]) => a.localeCompare(b));
  const files = folder.files
    .map(({ id, path }) => ({ id, path, name: nameOf(path) }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return [
    ...folders.flatMap(([name, inner]): TreeRow[] => {
      const path = prefix + name;
      const isOpen = !closed.has(path);
      const row: TreeRow = { kind: 'folder', path, name, depth, isOpen };
      return isOpen ? [row, ...rowsOf(inner, `${path}/`, depth + 1, closed)] : [row];
    }),
    ...files.map((file): TreeRow => ({ kind: 'file', depth, ...file })),
  ];
}

export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Where a key leads from a row, as in every tree (WAI-ARIA): another row, a folder to open or close, or nowhere. */
export function follow(
  rows: readonly TreeRow[],
  at: string,
  key: string,
): { go: string } | { toggle: string } | null {
  const index = Math.max(
    0,
    rows.findIndex(({ path }) => path === at),
  );
  const row = rows[index];
  if (!row) return null;
  const go = (target: TreeRow | undefined) => (target ? { go: target.path } : null);
  switch (key) {
    case 'ArrowDown':
      return go(rows[index + 1]);
    case 'ArrowUp':
      return go(rows[index - 1]);
    case 'Home':
      return go(rows[0]);
    case 'End':
      return go(rows.at(-1));
    case 'ArrowRight':
      if (row.kind === 'file') return null;
      return row.isOpen ? go(rows[index + 1]) : { toggle: row.path };
    case 'ArrowLeft':
      if (row.kind === 'folder' && row.isOpen) return { toggle: row.path };
      return go(rows.slice(0, index).findLast(({ depth }) => depth < row.depth));
    default:
      return null;
  }
}

/** Files whose path has the letters of the query in their order, best first: a run of letters and the name count more. */
export function findFiles<F extends Listed>(files: readonly F[], query: string): F[] {
  const wanted = query.toLowerCase().replaceAll(' ', '');
  return files
    .map((file) => ({ file, score: scoreOf(file.path.toLowerCase(), wanted) }))
    .filter(({ score }) => score >= 0)
    .sort((a, b) => b.score - a.score)
    .map(({ file }) => file);
}

function scoreOf(path: string, wanted: string): number {
  if (nameOf(path).startsWith(wanted)) return 1_000 - path.length;
  if (path.includes(wanted)) return 500 - path.length;
  let from = 0;
  for (const letter of wanted) {
    const found = path.indexOf(letter, from);
    if (found < 0) return -1;
    from = found + 1;
  }
  return Math.max(0, 200 - path.length);
}
