import type { SourceFile } from '@assay/contracts';
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDots, IconDownload, IconFilePlus, IconRestore, IconUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { ListedFile } from '../document/workspace-session.js';
import classes from '../ide.module.css';
import { FileTree, NameField } from './file-tree.js';
import type { FileWork } from './file-work.js';

interface FilesPaneProps {
  files: readonly ListedFile[];
  activeId: string | null;
  changes: ReadonlyMap<string, string>;
  starter: readonly SourceFile[];
  isReadOnly: boolean;
  work: FileWork;
  onOpen(id: string): void;
}

/** The tree with what can be done to the project as a whole. */
export function FilesPane({ files, activeId, changes, starter, isReadOnly, work, onOpen }: FilesPaneProps) {
  const [isNaming, setNaming] = useState(false);
  const upload = useRef<HTMLInputElement>(null);
  return (
    <>
      <div className={classes.paneHead}>
        <h2 className={classes.paneTitle}>Files</h2>
        <Tooltip label="New file">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="New file"
            disabled={isReadOnly}
            onClick={() => setNaming(true)}
          >
            <IconFilePlus size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label="More for the project">
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => void work.download()}
            >
              Download as zip
            </Menu.Item>
            <Menu.Item
              leftSection={<IconUpload size={16} aria-hidden />}
              disabled={isReadOnly}
              onClick={() => upload.current?.click()}
            >
              Upload zip or tar.gz…
            </Menu.Item>
            <Menu.Item
              leftSection={<IconRestore size={16} aria-hidden />}
              disabled={isReadOnly}
              onClick={() => work.reset(starter)}
            >
              Start over
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <input
          ref={upload}
          type="file"
          hidden
          aria-label="Archive to upload"
          accept=".zip,.tgz,.tar.gz,application/zip,application/gzip"
          onChange={({ currentTarget }) => {
            const [archive] = currentTarget.files ?? [];
            if (archive) void work.upload(archive);
            currentTarget.value = '';
          }}
        />
      </div>
      <div className={classes.fill}>
        {isNaming && (
          <NameField
            label="Path of the new file"
            placeholder="routes/books.js"
            initial=""
            onDone={(path) => {
              if (path === null) setNaming(false);
              else {
                const made = work.create(path);
                if ('refused' in made) return made.refused;
                setNaming(false);
                onOpen(made.id);
              }
              return null;
            }}
          />
        )}
        <FileTree
          files={files}
          activeId={activeId}
          changes={changes}
          isReadOnly={isReadOnly}
          onOpen={onOpen}
          onDelete={(id) => work.delete(id, onOpen)}
          onRename={(id, path) => work.rename(id, path)}
        />
      </div>
    </>
  );
}
