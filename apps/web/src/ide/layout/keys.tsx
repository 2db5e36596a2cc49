import { Kbd, Modal, Title } from '@mantine/core';
import { Fragment } from 'react';
import classes from '../ide.module.css';
import { keyNames, OTHER_KEYS, SHORTCUTS } from '../shortcuts.js';
import { isMac } from './use-shortcuts.js';

const GROUPS = ['Run', 'Files', 'Edit', 'Move'];
const ALL = [
  ...SHORTCUTS.map(({ keys, does, group }) => ({ keys: [...keys], does, group })),
  ...OTHER_KEYS.map(({ keys, does, group }) => ({ keys: [keys], does, group })),
];

/** One combination as keys: `Ctrl` + `Enter`. */
export function Keys({ combination }: { combination: string }) {
  const names = combination.includes(',') ? [combination] : keyNames(combination, isMac);
  return names.map((name, index) => (
    <Fragment key={name}>
      {index > 0 && ' '}
      <Kbd size="xs">{name}</Kbd>
    </Fragment>
  ));
}

/** Every shortcut there is. */
export function KeysDialog({ onClose }: { onClose(): void }) {
  return (
    <Modal opened onClose={onClose} title="Keys" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      {GROUPS.map((group) => (
        <section key={group} aria-label={group}>
          <Title order={3} mb={8}>
            {group}
          </Title>
          <dl className={classes.keys}>
            {ALL.filter((one) => one.group === group).map(({ keys, does }) => (
              <Fragment key={does}>
                <dt>{does}</dt>
                <dd>
                  {keys.map((combination, index) => (
                    <Fragment key={combination}>
                      {index > 0 && ' or '}
                      <Keys combination={combination} />
                    </Fragment>
                  ))}
                </dd>
              </Fragment>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
