import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDot,
  IconLoader2,
  IconPlayerPlay,
  IconPlayerStop,
  IconTrash,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useObservable } from '../../attempt/observable.js';
import classes from '../ide.module.css';
import { shownLines } from './output-lines.js';
import { describeLive } from './run-words.js';
import type { LivePhase, TaskRuns } from './task-runs.js';

const LOOKS: Record<LivePhase, { tone: string; Icon: typeof IconLoader2 }> = {
  none: { tone: 'plain', Icon: IconCircleDot },
  saving: { tone: 'plain', Icon: IconLoader2 },
  queued: { tone: 'plain', Icon: IconLoader2 },
  starting: { tone: 'plain', Icon: IconLoader2 },
  listening: { tone: 'good', Icon: IconCircleCheck },
  not_listening: { tone: 'warning', Icon: IconAlertTriangle },
  ended: { tone: 'plain', Icon: IconCircleDot },
};

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What the server is doing, with the buttons that belong to it. */
export function LiveState({ runs }: { runs: TaskRuns }) {
  const live = useObservable(runs.live);
  const { tone, Icon } = LOOKS[live.phase];
  const isAlive = runs.isAlive();
  return (
    <Group gap={8} wrap="nowrap" px={12} py={6} justify="space-between">
      <span className={classes.state} data-tone={live.isOurs ? 'warning' : tone}>
        <Icon size={16} aria-hidden style={{ flex: 'none' }} />
        {describeLive(live)}
      </span>
      <Group gap={4} wrap="nowrap">
        {isAlive && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            onClick={() => void runs.end()}
          >
            Stop
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          onClick={() => void runs.start()}
        >
          {isAlive ? 'Restart' : 'Start'}
        </Button>
      </Group>
    </Group>
  );
}

/** What the server has written, one line a row, following the end unless its reader has scrolled away. */
export function OutputPane({ runs }: { runs: TaskRuns }) {
  const live = useObservable(runs.live);
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lines = shownLines(live.lines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what it waits for
  useEffect(() => {
    if (isAtEnd.current) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [live.lines]);
  return (
    <div style={{ display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 }}>
      <Group gap={0} wrap="nowrap" style={{ borderBottom: '1px solid var(--assay-line)' }}>
        <div style={{ flex: 1, minWidth: 0 }}>
          <LiveState runs={runs} />
        </div>
        <Tooltip label="Clear the output">
          <ActionIcon
            variant="subtle"
            color="gray"
            mr={8}
            aria-label="Clear the output"
            onClick={() => runs.live.set({ ...live, lines: [] })}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div
        ref={scroller}
        className={classes.fill}
        tabIndex={0}
        role="log"
        aria-label="Output of your server"
        aria-live="off"
        onScroll={({ currentTarget: box }) => {
          isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
        }}
      >
        {lines.length === 0 ? (
          <p className={classes.empty}>
            {live.phase === 'none'
              ? 'Start your server to see what it writes. It gets its port from process.env.PORT.'
              : 'Nothing was written yet.'}
          </p>
        ) : (
          <ol className={classes.log}>
            {lines.map(({ number, atMs, text }) => (
              <li key={number}>
                <time dateTime={new Date(atMs).toISOString()}>{time.format(atMs)}</time>
                <span>{text}</span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}
