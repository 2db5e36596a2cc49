import type { ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import classes from '../ide.module.css';

const components: Components = {
  // A wide table scrolls by itself; the page never does.
  table: ({ node: _node, ...table }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div className={classes.scroller} tabIndex={0} role="group" aria-label="Table">
      <table {...table} />
    </div>
  ),
  // Briefs are complete in themselves; where a link leads, its own tab opens.
  a: ({ node: _node, ...link }) => <a {...link} target="_blank" rel="noreferrer" />,
  img: () => null,
};

/** What the task asks for, as it was written. */
export function Brief({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className={classes.brief}>
      <Markdown remarkPlugins={[remarkGfm]} components={components}>
        {text}
      </Markdown>
      {children}
    </div>
  );
}
