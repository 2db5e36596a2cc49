import { IconCheck, IconEye, IconListCheck } from '@tabler/icons-react';
import type { Attempt } from '../attempt/use-attempt.js';
import classes from './rules.module.css';

const PARTS = [
  { part: 'graded', title: 'What is graded', Icon: IconListCheck },
  { part: 'recorded', title: 'What is recorded', Icon: IconEye },
  { part: 'allowed', title: 'What you may use', Icon: IconCheck },
] as const;

/** What is graded, recorded and allowed. `level` of their headings. */
export function Rules({ rules, level = 3 }: { rules: Attempt['rules']; level?: 2 | 3 }) {
  const Heading = `h${level}` as const;
  return (
    <div className={classes.rules}>
      {PARTS.map(({ part, title, Icon }) => (
        <div key={part}>
          <Heading className={classes.title}>
            <Icon size={18} aria-hidden />
            {title}
          </Heading>
          <ul className={classes.list}>
            {rules[part].map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
