import { AppearanceMenu } from '@assay/ui';
import type { ReactNode } from 'react';
import { Clock } from '../attempt/clock.js';
import type { Attempt } from '../attempt/use-attempt.js';
import classes from './frame.module.css';

interface FrameProps {
  /** Shown in the bar once it is known: whose assessment this is, and its clock. */
  attempt?: Attempt;
  children: ReactNode;
}

/** A bar and one calm column: every page but the IDE. */
export function Frame({ attempt, children }: FrameProps) {
  return (
    <>
      <header className={classes.bar}>
        <p className={classes.place}>
          <span className={classes.mark} aria-hidden>
            A
          </span>
          {attempt ? (
            <>
              <strong>{attempt.organisation}</strong>
              <span className={classes.role}>{attempt.role}</span>
            </>
          ) : (
            <strong>Assay</strong>
          )}
        </p>
        <div className={classes.tools}>
          {attempt && <Clock attempt={attempt} />}
          <AppearanceMenu />
        </div>
      </header>
      <main className={classes.column}>{children}</main>
    </>
  );
}
