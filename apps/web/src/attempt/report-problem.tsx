import { Notice } from '@assay/ui';
import { Button, type ButtonProps, Group, Modal, Select, Text } from '@mantine/core';
import { useState } from 'react';
import { api } from '../api.js';
import { MessageForm } from './message-form.js';

interface ReportProblemProps {
  tasks: { taskId: string; title: string }[];
  /** The look of the button. */
  button?: Pick<ButtonProps, 'size' | 'variant' | 'color' | 'c'>;
}

/** "Report a problem with this task": a button with its dialog, for every place that shows a task. */
export function ReportProblem({
  tasks,
  button = { variant: 'subtle', color: 'gray', c: 'dimmed' },
}: ReportProblemProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)}>
        Report a problem
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title="Report a problem with a task"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ReportForm tasks={tasks} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function ReportForm({ tasks, onDone }: { tasks: ReportProblemProps['tasks']; onDone(): void }) {
  const [taskId, setTaskId] = useState(tasks[0]?.taskId ?? '');
  const [isSent, setSent] = useState(false);
  if (isSent) {
    return (
      <>
        <Notice kind="good" title="Thank you, a person will read it" isLive>
          <Text>It never counts against you. If we were wrong, it will not cost you anything.</Text>
        </Notice>
        <Group justify="flex-end" mt="lg">
          <Button onClick={onDone}>Go on</Button>
        </Group>
      </>
    );
  }
  return (
    <MessageForm
      label="What is wrong?"
      description="Unclear, contradictory, broken: write it as it comes."
      send={(text) => api.reportProblem({ params: { taskId }, body: { text } })}
      onSent={() => setSent(true)}
      onCancel={onDone}
    >
      {tasks.length > 1 && (
        <Select
          label="Task"
          mb="sm"
          allowDeselect={false}
          data={tasks.map((task) => ({ value: task.taskId, label: task.title }))}
          value={taskId}
          onChange={(chosen) => setTaskId(chosen ?? taskId)}
        />
      )}
    </MessageForm>
  );
}
