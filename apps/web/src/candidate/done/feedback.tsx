import { ProblemError } from '@assay/contracts/client';
import type { getFeedback, ResponseOf } from '@assay/contracts/http';
import { Notice, Panel, Prose } from '@assay/ui';
import { Anchor, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api.js';
import { Failure } from '../../attempt/failure.js';
import { counted } from '../../attempt/words.js';
import classes from './feedback.module.css';

type Feedback = ResponseOf<typeof getFeedback>;
type Competency = Feedback['competencies'][number];

/** Null until a person has released it. */
async function findFeedback(signal: AbortSignal): Promise<Feedback | null> {
  try {
    return await api.getFeedback({}, { signal });
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'feedback.not_released') return null;
    throw error;
  }
}

/** What went well, what not yet and what to try next, for each competency, once it was released. */
export function FeedbackPanel() {
  const { data, error, refetch } = useQuery({
    queryKey: ['feedback'],
    queryFn: ({ signal }) => findFeedback(signal),
  });
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <Panel title="Your feedback">
      {!data.isComplete && (
        <Notice kind="info" title="Some of your work is still being graded">
          <Text>What follows will grow.</Text>
        </Notice>
      )}
      {data.competencies.map((competency) => (
        <CompetencyFeedback key={competency.competency} competency={competency} />
      ))}
    </Panel>
  );
}

function CompetencyFeedback({ competency }: { competency: Competency }) {
  const { name, summary, opening, passed, notYet, next, later } = competency;
  return (
    <details className={classes.competency}>
      <summary className={classes.head}>
        <span className={classes.name}>{name}</span>
        <span className={classes.count}>
          {passed.length} of {counted(passed.length + notYet.length, 'check')} passed
        </span>
      </summary>
      <div className={classes.body}>
        <Text c="dimmed">{summary}</Text>
        <Text>
          <Prose text={opening} />
        </Text>
        <Checks title="What went well" checks={passed} isPassed />
        <Checks title="Not yet" checks={notYet} isPassed={false} />
        <Path title="What to try next" path={next} />
        {later && <Path title="And after that" path={later} />}
      </div>
    </details>
  );
}

interface ChecksProps {
  title: string;
  checks: (Competency['passed'][number] & Partial<Competency['notYet'][number]>)[];
  isPassed: boolean;
}

function Checks({ title, checks, isPassed }: ChecksProps) {
  if (checks.length === 0) return null;
  const Icon = isPassed ? IconCircleCheck : IconCircleDashed;
  return (
    <div>
      <h3 className={classes.part}>{title}</h3>
      <ul className={classes.checks}>
        {checks.map(({ task, title: checked, brief, how, expected, actual }) => (
          <li key={`${task} ${checked}`} className={classes.check} data-passed={isPassed}>
            <Icon size={18} aria-hidden />
            <div>
              <Text>
                {checked}{' '}
                <Text span c="dimmed">
                  ({task})
                </Text>
              </Text>
              {!isPassed && brief && (
                <Text size="sm" c="dimmed">
                  The brief: “<Prose text={brief} />”
                </Text>
              )}
              {how && (
                <Text size="sm">
                  <Prose text={how} />
                </Text>
              )}
              {expected && (
                <Text size="sm" c="dimmed">
                  Expected {expected}
                  {actual && `, got ${actual}`}
                </Text>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Path({ title, path }: { title: string; path: Competency['next'] }) {
  return (
    <div>
      <h3 className={classes.part}>{title}</h3>
      <Text>
        <Prose text={path.tryNext} />
      </Text>
      <ol className={classes.steps}>
        {path.steps.map(({ text, link }) => (
          <li key={text}>
            <Prose text={text} />{' '}
            {link && (
              <Anchor href={link} target="_blank" rel="noreferrer">
                {new URL(link).hostname}
              </Anchor>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
