import { Modal, TextInput, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { ListedFile } from '../document/workspace-session.js';
import classes from '../ide.module.css';
import { findFiles } from './tree-model.js';

interface QuickOpenProps {
  files: readonly ListedFile[];
  onOpen(id: string): void;
  onClose(): void;
}

const SHOWN = 12;

/** Opens a file by a few letters of its name. */
export function QuickOpen({ files, onOpen, onClose }: QuickOpenProps) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = findFiles(files, query).slice(0, SHOWN);
  const open = (file: ListedFile | undefined) => {
    if (!file) return;
    onClose();
    onOpen(file.id);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      aria-label="Open a file"
      returnFocus={false}
      yOffset="12vh"
      centered={false}
    >
      <TextInput
        data-autofocus
        role="combobox"
        aria-label="Name of the file"
        aria-expanded
        aria-controls="found-files"
        aria-activedescendant={found[at] ? `found-${found[at].id}` : undefined}
        placeholder="Open a file by its name"
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') open(found[at]);
          else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else return;
          event.preventDefault();
        }}
      />
      <div id="found-files" role="listbox" aria-label="Files" className={classes.tree}>
        {found.map((file, index) => (
          <UnstyledButton
            key={file.id}
            id={`found-${file.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={`${classes.row} ${classes.depth0}`}
            w="100%"
            onClick={() => open(file)}
          >
            <span>{file.path}</span>
          </UnstyledButton>
        ))}
        {found.length === 0 && <p className={classes.empty}>No file has these letters in its name.</p>}
      </div>
    </Modal>
  );
}
