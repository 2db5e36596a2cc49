import { TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconFile } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ListedFile } from '../document/workspace-session.js';
import classes from '../ide.module.css';
import { follow, type TreeRow, visibleRows } from './tree-model.js';

export interface FileTreeProps {
  files: readonly ListedFile[];
  activeId: string | null;
  /** Paths that are not as they were at the start, with a word for how. */
  changes: ReadonlyMap<string, string>;
  isReadOnly: boolean;
  onOpen(id: string): void;
  onDelete(id: string): void;
  /** Gives a sentence when the name is refused, else null. */
  onRename(id: string, path: string): string | null;
}

const DEPTHS = [classes.depth0, classes.depth1, classes.depth2, classes.depth3, classes.depth4];

/** The project's files as a tree (WAI-ARIA): arrows move, Enter opens, F2 renames, Delete deletes. */
export function FileTree(props: FileTreeProps) {
  const { files, activeId, changes, isReadOnly } = props;
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<string | null>(null);
  const [renamed, setRenamed] = useState<string | null>(null);
  const tree = useRef<HTMLUListElement>(null);
  const rows = visibleRows(files, closed);
  const active = files.find(({ id }) => id === activeId)?.path;
  const current = [at, active].find((path) => rows.some((row) => row.path === path)) ?? rows[0]?.path ?? null;

  const toggle = (path: string) => {
    const next = new Set(closed);
    if (!next.delete(path)) next.add(path);
    setClosed(next);
  };
  const focus = (path: string) => {
    setAt(path);
    tree.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, row: TreeRow) => {
    if (event.ctrlKey || event.metaKey || event.altKey || renamed !== null) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return row.kind === 'folder' ? toggle(row.path) : props.onOpen(row.id);
    }
    if (row.kind === 'file' && !isReadOnly) {
      if (event.key === 'F2') return setRenamed(row.id);
      if (event.key === 'Delete') return props.onDelete(row.id);
    }
    const leads = follow(rows, row.path, event.key);
    if (!leads) return;
    event.preventDefault();
    if ('go' in leads) focus(leads.go);
    else toggle(leads.toggle);
  };

  return (
    <ul className={classes.tree} role="tree" aria-label="Files of the project" ref={tree}>
      {rows.map((row) =>
        row.kind === 'file' && row.id === renamed ? (
          <li key={row.id} role="none">
            <NameField
              label={`New name of ${row.path}`}
              initial={row.path}
              onDone={(path) => {
                const refused = path === null || path === row.path ? null : props.onRename(row.id, path);
                if (refused === null) setRenamed(null);
                return refused;
              }}
            />
          </li>
        ) : (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard
          <li
            key={row.kind === 'file' ? row.id : `${row.path}/`}
            role="treeitem"
            className={`${classes.row} ${DEPTHS[Math.min(row.depth, DEPTHS.length - 1)]}`}
            data-path={row.path}
            aria-level={row.depth + 1}
            aria-expanded={row.kind === 'folder' ? row.isOpen : undefined}
            aria-selected={row.kind === 'file' && row.id === activeId}
            tabIndex={row.path === current ? 0 : -1}
            title={row.path}
            onFocus={() => setAt(row.path)}
            onKeyDown={(event) => onKeyDown(event, row)}
            onClick={() => (row.kind === 'folder' ? toggle(row.path) : props.onOpen(row.id))}
            onDoubleClick={() => row.kind === 'file' && !isReadOnly && setRenamed(row.id)}
          >
            <RowIcon row={row} />
            <span>{row.name}</span>
            {changes.has(row.path) && <span className={classes.changed}>{changes.get(row.path)}</span>}
          </li>
        ),
      )}
    </ul>
  );
}

function RowIcon({ row }: { row: TreeRow }) {
  if (row.kind === 'file') return <IconFile size={15} stroke={1.5} aria-hidden />;
  return row.isOpen ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />;
}

interface NameFieldProps {
  label: string;
  initial: string;
  placeholder?: string;
  /** Called with null when nothing is wanted any more. Gives a sentence when the name is refused. */
  onDone(path: string | null): string | null;
}

/** A field for a file's path, with why a name is refused under it. */
export function NameField({ label, initial, placeholder, onDone }: NameFieldProps) {
  const [path, setPath] = useState(initial);
  const [refused, setRefused] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.setSelectionRange(initial.lastIndexOf('/') + 1, initial.length);
  }, [initial]);
  return (
    <div className={classes.nameField}>
      <TextInput
        ref={input}
        size="xs"
        aria-label={label}
        placeholder={placeholder}
        value={path}
        error={refused}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setPath(event.currentTarget.value);
          setRefused(null);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') onDone(null);
          if (event.key === 'Enter') setRefused(path.trim() === '' ? onDone(null) : onDone(path.trim()));
        }}
        onBlur={() => refused === null && onDone(null)}
      />
    </div>
  );
}
