import { Facts, Notice, Panel } from '@assay/ui';
import { Group, Progress, Text } from '@mantine/core';
import { IconCircleCheck, IconClockHour4, IconProgress } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { announcement } from '../../attempt/connection.js';
import { useGradingProgress } from '../../attempt/grading-progress.js';
import type { Attempt } from '../../attempt/use-attempt.js';
import { counted, momentOf } from '../../attempt/words.js';
import classes from './receipts.module.css';

type Task = Attempt['tasks'][number];
type Submission = NonNullable<Task['submission']>;

/** One receipt a submitted task, with its grading as it goes on. */
export function Receipts({ tasks }: { tasks: Task[] }) {
  return tasks.map(
    ({ taskId, title, submission }) =>
      submission && (
        <Panel key={taskId} title={title} aside={<GradingState submission={submission} />}>
          <Grading title={title} submission={submission} />
          <Facts
            facts={[
              { name: 'Submitted', value: momentOf(submission.submittedAt) },
              { name: 'Files', value: counted(submission.files, 'file') },
              { name: 'Receipt', value: <code className={classes.code}>{submission.id}</code> },
              { name: 'SHA-256', value: <code className={classes.code}>{submission.sha256}</code> },
            ]}
          />
        </Panel>
      ),
  );
}

function GradingState({ submission }: { submission: Submission }) {
  if (submission.state === 'graded') {
    return (
      <Group gap={4} c="var(--assay-good)" fw={550}>
        <IconCircleCheck size={18} aria-hidden />
        Graded
      </Group>
    );
  }
  const isRunning = submission.queuePosition === 0;
  const Icon = isRunning ? IconProgress : IconClockHour4;
  return (
    <Group gap={4} c="dimmed" fw={550}>
      <Icon size={18} aria-hidden />
      {isRunning ? 'Being graded' : 'Waiting'}
    </Group>
  );
}

/** Says the place in the queue, how many checks are done, and that a failure of ours is ours. */
function Grading({ title, submission }: { title: string; submission: Submission }) {
  const { state, queuePosition, delayedByUs } = submission;
  const progress = useGradingProgress(submission.id);
  const wasGrading = useRef(state === 'grading');
  useEffect(() => {
    if (state === 'graded' && wasGrading.current) announcement.set(`“${title}” is graded.`);
    wasGrading.current = state === 'grading';
  }, [state, title]);
  if (state === 'graded') return null;
  return (
    <div className={classes.grading}>
      {delayedByUs && (
        <Notice kind="warning" title="A failure of ours delays the grading" isLive>
          <Text>
            It is ours and costs you nothing. Your work is safe, and it will be graded again from the
            beginning.
          </Text>
        </Notice>
      )}
      {queuePosition === 0 && progress && (
        <>
          <Progress.Root size="md">
            <Progress.Section
              value={(100 * progress.done) / progress.total}
              color="var(--assay-accent-text)"
              aria-label={`Grading of “${title}”`}
              aria-valuetext={`${progress.done} of ${progress.total} checks done`}
            />
          </Progress.Root>
          <Text size="sm" c="dimmed">
            {progress.done} of {counted(progress.total, 'check')} done
          </Text>
        </>
      )}
      {queuePosition === 0 && !progress && (
        <Text c="dimmed">Your server is being started for the checks …</Text>
      )}
      {queuePosition !== null && queuePosition > 0 && (
        <Text c="dimmed">
          {queuePosition === 1
            ? 'It is graded next.'
            : `${counted(queuePosition - 1, 'submission')} before it. You need not wait here.`}
        </Text>
      )}
    </div>
  );
}
