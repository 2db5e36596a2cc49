import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import classes from '../ide.module.css';
import { PANE_NAMES, PANES, type PaneId } from './panes.js';

type PaneLayoutProps = Record<PaneId, ReactNode> & {
  /** One pane at a time, chosen by a row of buttons. */
  isNarrow: boolean;
  shown: PaneId;
  onShow(pane: PaneId): void;
};

/** Brief beside files and editor, with the results under them. */
export function PaneLayout({ isNarrow, shown, onShow, ...panes }: PaneLayoutProps) {
  const pane = (id: PaneId) => (
    <Pane id={id} scrolls={id === 'brief'}>
      {panes[id]}
    </Pane>
  );
  if (isNarrow) {
    return (
      <main className={classes.ide}>
        <nav className={classes.paneSwitch} aria-label="Panes">
          {PANES.map((id) => (
            <Button
              key={id}
              size="compact-md"
              variant={id === shown ? 'light' : 'subtle'}
              color={id === shown ? 'indigo' : 'gray'}
              aria-current={id === shown ? 'true' : undefined}
              onClick={() => onShow(id)}
            >
              {PANE_NAMES[id]}
            </Button>
          ))}
        </nav>
        <div className={classes.body}>{pane(shown)}</div>
      </main>
    );
  }
  return (
    <main className={classes.body}>
      <Group orientation="horizontal" id="ide" disableCursor>
        <Panel id="brief" defaultSize="30%" minSize="220px">
          {pane('brief')}
        </Panel>
        <Divider label="Width of the brief" />
        <Panel id="work" minSize="420px">
          <Group orientation="vertical" id="ide-work" disableCursor>
            <Panel id="code" defaultSize="60%" minSize="160px">
              <Group orientation="horizontal" id="ide-code" disableCursor>
                <Panel
                  id="files"
                  defaultSize="190px"
                  minSize="130px"
                  maxSize="400px"
                  groupResizeBehavior="preserve-pixel-size"
                >
                  {pane('files')}
                </Panel>
                <Divider label="Width of the files" />
                <Panel id="editor" minSize="240px">
                  {pane('editor')}
                </Panel>
              </Group>
            </Panel>
            <Divider label="Height of the results" />
            <Panel id="results" minSize="120px">
              {pane('results')}
            </Panel>
          </Group>
        </Panel>
      </Group>
    </main>
  );
}

const Divider = ({ label }: { label: string }) => (
  <Separator className={classes.divider} aria-label={label} />
);

function Pane({ id, scrolls, children }: { id: PaneId; scrolls: boolean; children: ReactNode }) {
  return (
    <section
      className={classes.pane}
      style={scrolls ? { overflow: 'auto' } : undefined}
      aria-label={PANE_NAMES[id]}
      data-pane={id}
      tabIndex={scrolls ? 0 : -1}
    >
      {children}
    </section>
  );
}
