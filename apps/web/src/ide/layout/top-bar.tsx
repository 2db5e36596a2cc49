import { AppearanceMenu } from '@assay/ui';
import { ActionIcon, Anchor, Button, NativeSelect, Tooltip } from '@mantine/core';
import {
  IconCloudCheck,
  IconCloudUp,
  IconKeyboard,
  IconListCheck,
  IconPlayerPlay,
  IconWifiOff,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Clock } from '../../attempt/clock.js';
import { useObservable } from '../../attempt/observable.js';
import type { Attempt } from '../../attempt/use-attempt.js';
import { describeSaving } from '../document/save-state.js';
import type { Workspace } from '../document/use-workspaces.js';
import classes from '../ide.module.css';
import { keyNames } from '../shortcuts.js';
import { isMac } from './use-shortcuts.js';

interface TopBarProps {
  mode: 'practice' | 'attempt';
  attempt: Attempt;
  task: { taskId: string; title: string };
  tasks: { taskId: string; title: string }[];
  workspace: Workspace;
  /** Whether there is a server to run. */
  hasServer: boolean;
  isSubmitted: boolean;
  onTask(taskId: string): void;
  onRun(): void;
  onCheck(): void;
  onSubmit(): void;
  onKeys(): void;
}

const hint = (combination: string) => keyNames(combination, isMac).join(' ');

/** Task, save state, clock, and what one does all the time. */
export function TopBar(props: TopBarProps) {
  const { mode, attempt, task, tasks, workspace, hasServer, isSubmitted } = props;
  const checks = useObservable(workspace.runs.checks);
  const isChecking = ['saving', 'queued', 'running'].includes(checks.phase);
  return (
    <header className={classes.bar}>
      {tasks.length > 1 ? (
        <NativeSelect
          aria-label="Task"
          value={task.taskId}
          data={tasks.map(({ taskId, title }) => ({ value: taskId, label: title }))}
          onChange={(event) => props.onTask(event.currentTarget.value)}
        />
      ) : (
        <h1 className={classes.title} style={{ fontSize: 14, margin: 0 }}>
          {task.title}
        </h1>
      )}
      <SaveState workspace={workspace} />
      <span className={classes.grow} />
      {mode === 'attempt' ? (
        <Clock attempt={attempt} />
      ) : (
        <Anchor component={Link} to="/attempt" size="sm">
          End practice
        </Anchor>
      )}
      {hasServer && !isSubmitted && (
        <Tooltip label={hint('Mod+Enter')}>
          <Button
            variant="light"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={props.onRun}
          >
            Run
          </Button>
        </Tooltip>
      )}
      {!isSubmitted && (
        <Tooltip label={hint('Mod+Shift+Enter')}>
          <Button
            variant={hasServer ? 'default' : 'light'}
            loading={isChecking}
            leftSection={<IconListCheck size={16} aria-hidden />}
            onClick={props.onCheck}
          >
            Check
          </Button>
        </Tooltip>
      )}
      {mode === 'attempt' && !isSubmitted && <Button onClick={props.onSubmit}>Submit…</Button>}
      <Tooltip label={`Keys (${hint('F1')})`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Keys" onClick={props.onKeys}>
          <IconKeyboard size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <AppearanceMenu />
    </header>
  );
}

const ICONS = { good: IconCloudCheck, busy: IconCloudUp, warning: IconWifiOff };

function SaveState({ workspace }: { workspace: Workspace }) {
  const { tone, words } = describeSaving(useObservable(workspace.session.save));
  const Icon = ICONS[tone];
  return (
    <span className={classes.save} data-tone={tone} data-save-state>
      <Icon size={16} aria-hidden />
      {words}
    </span>
  );
}
