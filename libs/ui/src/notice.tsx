import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

const ICONS = { info: IconInfoCircle, good: IconCircleCheck, warning: IconAlertTriangle, bad: IconCircleX };

interface NoticeProps {
  kind: keyof typeof ICONS;
  title: string;
  children?: ReactNode;
  /** Read out as soon as it appears. */
  isLive?: boolean;
}

/** A state in a colour, with an icon and a word for it. */
export function Notice({ kind, title, children, isLive = false }: NoticeProps) {
  const Icon = ICONS[kind];
  return (
    <div className={classes.notice} data-kind={kind} role={isLive ? 'status' : undefined}>
      <Icon size={20} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        {children}
      </div>
    </div>
  );
}
