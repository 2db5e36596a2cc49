import { Notice, Panel } from '@assay/ui';
import { Button, Group, Text } from '@mantine/core';
import { IconArrowRight, IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { BreakButton } from '../../attempt/break-button.js';
import { ReportProblem } from '../../attempt/report-problem.js';
import type { Attempt } from '../../attempt/use-attempt.js';
import { counted, creditSentence, timeOf } from '../../attempt/words.js';
import { Frame } from '../frame.js';
import { Lead } from '../lead.js';
import { TaskList } from '../task-list.js';
import { ExtraTime } from './extra-time.js';
import { Withdraw } from './withdraw.js';

const submitted = (
  <Group gap={4} c="var(--assay-good)">
    <IconCircleCheck size={16} aria-hidden />
    Submitted
  </Group>
);

/** While the clock runs: the way back to work, and what may be asked for meanwhile. */
export function Running({ attempt }: { attempt: Attempt }) {
  const left = attempt.tasks.filter(({ submission }) => submission === null).length;
  return (
    <Frame attempt={attempt}>
      <Lead title="Your clock is running" over={attempt.assessment}>
        {attempt.closesAt &&
          `It ends at ${timeOf(attempt.closesAt)}. What is saved then is submitted by itself.`}
      </Lead>
      <Panel title={left === 0 ? 'All tasks are submitted' : `${counted(left, 'task')} to do`}>
        <TaskList
          tasks={attempt.tasks.map(({ title, minutes, submission }) => ({
            title,
            minutes,
            state: submission ? submitted : undefined,
          }))}
        />
        <Group mt="md">
          <Button component={Link} to="/attempt/ide" rightSection={<IconArrowRight size={16} aria-hidden />}>
            Go on working
          </Button>
          <BreakButton attempt={attempt} />
          <ReportProblem tasks={attempt.tasks} />
        </Group>
      </Panel>
      {attempt.credits.length > 0 && (
        <Notice kind="info" title="Time was added">
          {attempt.credits.map((credit) => (
            <Text key={`${credit.kind} ${credit.from}`}>{creditSentence(credit)}</Text>
          ))}
        </Notice>
      )}
      <ExtraTime attempt={attempt} />
      <Withdraw />
    </Frame>
  );
}
