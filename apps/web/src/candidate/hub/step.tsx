import { IconCheck } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import classes from './step.module.css';

interface StepProps {
  number: number;
  title: string;
  /** `done` and `later` are quiet; one is `now`. */
  state: 'done' | 'now' | 'open' | 'later';
  children?: ReactNode;
}

const WORDS = { done: 'done', now: 'now', open: 'open', later: 'later' };

/** One of the steps to the start. */
export function Step({ number, title, state, children }: StepProps) {
  const id = useId();
  return (
    <li
      className={classes.step}
      data-state={state}
      aria-labelledby={id}
      aria-current={state === 'now' ? 'step' : undefined}
    >
      <span className={classes.badge} aria-hidden>
        {state === 'done' ? <IconCheck size={16} stroke={2.5} /> : number}
      </span>
      <div className={classes.body}>
        <h2 id={id} className={classes.title}>
          {title}
          <span className={classes.word}> ({WORDS[state]})</span>
        </h2>
        {children}
      </div>
    </li>
  );
}

export function Steps({ children }: { children: ReactNode }) {
  return <ol className={classes.steps}>{children}</ol>;
}
