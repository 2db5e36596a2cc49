import { Loader } from '@mantine/core';
import { useState } from 'react';
import type { Attempt } from '../attempt/use-attempt.js';
import { useWorkspaces } from './document/use-workspaces.js';
import './ide.css';
import classes from './ide.module.css';
import { TaskIde } from './task-ide.js';

export interface IdeProps {
  mode: 'practice' | 'attempt';
  attempt: Attempt;
  tasks: { taskId: string; title: string }[];
  /** The task was submitted and its receipt shown. */
  onSubmitted(taskId: string): void;
}

/** The IDE with its tasks, one shown at a time. Fills what it is put into. */
export default function Ide({ mode, attempt, tasks, onSubmitted }: IdeProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const workspaces = useWorkspaces(
    attempt.id,
    tasks.map(({ taskId }) => taskId),
  );
  const isSubmitted = (taskId: string) =>
    attempt.tasks.some((task) => task.taskId === taskId && task.submission !== null);
  const task =
    tasks.find(({ taskId }) => taskId === chosen) ??
    tasks.find(({ taskId }) => !isSubmitted(taskId)) ??
    tasks[0];
  const workspace = task && workspaces.get(task.taskId);
  if (!task || !workspace) return <Loader m="xl" size="sm" aria-label="Opening your workspace" />;
  return (
    <div className={classes.root} data-ide>
      <TaskIde
        key={task.taskId}
        mode={mode}
        attempt={attempt}
        task={task}
        tasks={tasks}
        workspace={workspace}
        isSubmitted={isSubmitted(task.taskId)}
        onTask={setChosen}
        onSubmitted={() => {
          setChosen(null);
          onSubmitted(task.taskId);
        }}
      />
    </div>
  );
}
