import { Panel } from '@assay/ui';
import { Button, Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api.js';
import { Failure } from '../../attempt/failure.js';
import { saveAs } from '../../attempt/save-as.js';
import type { Attempt } from '../../attempt/use-attempt.js';

const icon = <IconDownload size={16} aria-hidden />;

/** One's own code, a zip a task, and all that was recorded. */
export function Downloads({ tasks }: { tasks: Attempt['tasks'] }) {
  const code = useMutation({
    async mutationFn(taskId: string) {
      const { archive } = await api.getFiles({ params: { taskId } });
      const bytes = Uint8Array.from(atob(archive), (character) => character.charCodeAt(0));
      saveAs(`${taskId}.zip`, new Blob([bytes], { type: 'application/zip' }));
    },
  });
  const record = useMutation({
    async mutationFn() {
      const all = JSON.stringify(await api.getRecord(), null, 2);
      saveAs('my-assessment.json', new Blob([all], { type: 'application/json' }));
    },
  });
  const error = code.error ?? record.error;
  return (
    <Panel title="It is yours">
      <Text mb="sm">Download what you wrote, and all that was recorded about you here.</Text>
      <Group gap="xs">
        {tasks.map(({ taskId, title }) => (
          <Button
            key={taskId}
            variant="default"
            leftSection={icon}
            loading={code.isPending && code.variables === taskId}
            onClick={() => code.mutate(taskId)}
          >
            My code: {title}
          </Button>
        ))}
        <Button
          variant="default"
          leftSection={icon}
          loading={record.isPending}
          onClick={() => record.mutate()}
        >
          My record
        </Button>
      </Group>
      {error && <Failure error={error} />}
    </Panel>
  );
}
