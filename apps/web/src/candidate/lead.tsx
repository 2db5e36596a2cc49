import { Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './lead.module.css';

interface LeadProps {
  title: string;
  /** One or two sentences that say what this page is for. */
  children?: ReactNode;
  /** Over the title: what it is about. */
  over?: string;
}

/** The head of a page. A reader without sight lands here when the page comes; the document gets its title. */
export function Lead({ title, children, over }: LeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Assay`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className={classes.lead}>
      {over && <Text c="dimmed">{over}</Text>}
      <Title order={1} ref={heading} tabIndex={-1} className={classes.title}>
        {title}
      </Title>
      {children && (
        <Text size="lg" c="dimmed" component="div">
          {children}
        </Text>
      )}
    </div>
  );
}
