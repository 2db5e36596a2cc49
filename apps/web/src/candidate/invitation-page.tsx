import { Facts, Loading, Notice, Panel } from '@assay/ui';
import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { api } from '../api.js';
import { isSessionOver } from '../attempt/connection.js';
import { Failure } from '../attempt/failure.js';
import { syncServerTime } from '../attempt/server-time.js';
import { attemptQuery } from '../attempt/use-attempt.js';
import { counted, duration, momentOf } from '../attempt/words.js';
import { Frame } from './frame.js';
import { Lead } from './lead.js';
import { Rules } from './rules.js';
import { TaskList } from './task-list.js';

/** What an invitation is to. Opening it starts nothing; accepting it leaves no secret in any address. */
export function InvitationPage() {
  const { secret } = useParams({ from: '/a/$secret' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const body = { secret };
  const invitation = useQuery({
    queryKey: ['invitation', secret],
    queryFn: ({ signal }) => api.readInvitation({ body }, { signal }),
  });
  const accept = useMutation({
    mutationFn: () => api.acceptInvitation({ body }),
    async onSuccess(attempt) {
      isSessionOver.set(false);
      syncServerTime(attempt.now);
      queries.setQueryData(attemptQuery.queryKey, attempt);
      // In the place of this address, so that "back" does not show the secret either.
      await navigate({ to: '/attempt', replace: true });
    },
  });
  if (invitation.error) {
    return (
      <Frame>
        <Lead title="Your invitation could not be loaded" />
        <Failure error={invitation.error} onRetry={() => void invitation.refetch()} />
      </Frame>
    );
  }
  if (!invitation.data) {
    return (
      <Frame>
        <Loading />
      </Frame>
    );
  }
  const { organisation, role, minutes, tasks, rules, expiresAt } = invitation.data;
  return (
    <Frame>
      <Lead title={`${organisation} invites you`} over={role}>
        An assessment with real work instead of puzzles. Take your time to read: opening this page starts
        nothing.
      </Lead>
      <Panel title="What awaits you">
        <Facts
          facts={[
            {
              name: 'Work',
              value: `${counted(tasks.length, 'small project')} in Node.js, in an editor in your browser`,
            },
            { name: 'Time', value: `${duration(minutes * 60)}, from when you say so` },
            { name: 'Open until', value: momentOf(expiresAt) },
          ]}
        />
        <TaskList tasks={tasks} />
      </Panel>
      <Panel title="How it is done">
        <Rules rules={rules} />
      </Panel>
      {accept.error && <Failure error={accept.error} onRetry={() => accept.mutate()} />}
      <Notice kind="info" title="Next: agree, try the editor, ask for more time if you need it">
        <Text>The clock starts only when you press “Start the clock” there.</Text>
      </Notice>
      <div>
        <Button size="md" loading={accept.isPending} onClick={() => accept.mutate()}>
          Open my assessment
        </Button>
      </div>
    </Frame>
  );
}
