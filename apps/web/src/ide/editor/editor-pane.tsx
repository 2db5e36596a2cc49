import type { SourceFile } from '@assay/contracts';
import type { EditorView } from '@codemirror/view';
import { Button, UnstyledButton } from '@mantine/core';
import { IconGitCompare, IconX } from '@tabler/icons-react';
import type { Workspace } from '../document/use-workspaces.js';
import type { ListedFile } from '../document/workspace-session.js';
import { nameOf } from '../files/tree-model.js';
import classes from '../ide.module.css';
import type { Tabs } from '../tabs.js';
import { CodeEditor } from './code-editor.js';

interface EditorPaneProps {
  workspace: Workspace;
  files: readonly ListedFile[];
  tabs: Tabs;
  starter: readonly SourceFile[];
  isComparing: boolean;
  isReadOnly: boolean;
  onOpen(id: string): void;
  onCloseTab(id: string): void;
  onCompare(): void;
  onRefused(sentence: string): void;
  onView(view: EditorView | null): void;
}

/** The open files as tabs, and the one that is shown. */
export function EditorPane(props: EditorPaneProps) {
  const { workspace, files, tabs, starter, isComparing, isReadOnly } = props;
  const open = tabs.open.flatMap((id) => files.filter((file) => file.id === id));
  const shown = open.find(({ id }) => id === tabs.active);
  const original = starter.find(({ path }) => path === shown?.path)?.content ?? '';
  return (
    <>
      <nav className={classes.tabs} aria-label="Open files">
        <ul className={classes.tabList}>
          {open.map(({ id, path }) => (
            <li key={id} className={classes.tab} data-active={id === tabs.active || undefined}>
              <UnstyledButton
                className={classes.tabName}
                aria-current={id === tabs.active ? 'true' : undefined}
                title={path}
                onClick={() => props.onOpen(id)}
              >
                {nameOf(path)}
              </UnstyledButton>
              <UnstyledButton
                className={classes.tabClose}
                aria-label={`Close ${path}`}
                onClick={() => props.onCloseTab(id)}
              >
                <IconX size={14} aria-hidden />
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {shown && (
          <Button
            variant="subtle"
            color={isComparing ? 'indigo' : 'gray'}
            size="compact-sm"
            m={6}
            aria-pressed={isComparing}
            leftSection={<IconGitCompare size={14} aria-hidden />}
            onClick={props.onCompare}
          >
            Changes
          </Button>
        )}
      </nav>
      <div className={classes.fill} style={{ overflow: 'hidden' }}>
        {shown ? (
          <CodeEditor
            key={`${shown.id} ${shown.path}`}
            session={workspace.session}
            language={workspace.language}
            fileId={shown.id}
            path={shown.path}
            isReadOnly={isReadOnly}
            original={isComparing ? original : null}
            onRefused={props.onRefused}
            onView={props.onView}
          />
        ) : (
          <p className={classes.empty}>Open a file from the tree, or by its name.</p>
        )}
      </div>
    </>
  );
}
