import type { ReactNode } from 'react';
import { counted } from '../attempt/words.js';
import classes from './task-list.module.css';

interface ListedTask {
  title: string;
  minutes: number;
  /** How it stands. */
  state?: ReactNode;
}

/** The tasks in their order, each with about how long it takes. */
export function TaskList({ tasks }: { tasks: ListedTask[] }) {
  return (
    <ol className={classes.list}>
      {tasks.map(({ title, minutes, state }) => (
        <li key={title} className={classes.task}>
          <span className={classes.title}>{title}</span>
          <span className={classes.side}>{state ?? `about ${counted(minutes, 'minute')}`}</span>
        </li>
      ))}
    </ol>
  );
}
