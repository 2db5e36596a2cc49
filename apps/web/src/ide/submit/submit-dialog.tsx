import type { SourceFile } from '@assay/contracts';
import type { ResponseOf, submitTask } from '@assay/contracts/http';
import { toFiles } from '@assay/workspace-document';
import { Button, Group, List, Modal, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { api } from '../../api.js';
import { useObservable } from '../../attempt/observable.js';
import { timeOfDay } from '../document/save-state.js';
import type { WorkspaceSession } from '../document/workspace-session.js';
import classes from '../ide.module.css';
import { sentenceOf, type TaskRuns } from '../run/task-runs.js';
import { whatIsOpen } from './what-is-open.js';

interface SubmitDialogProps {
  title: string;
  session: WorkspaceSession;
  runs: TaskRuns;
  starter: readonly SourceFile[];
  onClose(): void;
  onSubmitted(): void;
}

type Receipt = ResponseOf<typeof submitTask>;

/** The only way to submit: says what is unsaved, unrun and untouched first, and shows the receipt after. */
export function SubmitDialog({ title, session, runs, starter, onClose, onSubmitted }: SubmitDialogProps) {
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const submit = async () => {
    setSending(true);
    setWrong(null);
    try {
      if (!(await session.whenSaved(5_000))) {
        return setWrong(
          'Your last edits are not with us yet. They are kept in this browser: try again once the bar says “Saved”.',
        );
      }
      setReceipt(await api.submitTask({ params: { taskId: session.taskId } }));
    } catch (error) {
      setWrong(sentenceOf(error));
    } finally {
      setSending(false);
    }
  };
  // Whoever closes the receipt, by whatever key, has seen it.
  const close = receipt ? onSubmitted : onClose;
  return (
    <Modal
      opened
      onClose={close}
      title={receipt ? `“${title}” is submitted` : `Submit “${title}”?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {receipt ? (
        <ReceiptText receipt={receipt} onClose={close} />
      ) : (
        <>
          <OpenWork session={session} runs={runs} starter={starter} />
          {wrong && (
            <Text role="alert" mt="sm" c="var(--assay-warning)">
              {wrong}
            </Text>
          )}
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={onClose} data-autofocus>
              Keep working
            </Button>
            <Button loading={isSending} onClick={() => void submit()}>
              Submit for good
            </Button>
          </Group>
        </>
      )}
    </Modal>
  );
}

function OpenWork({ session, runs, starter }: Pick<SubmitDialogProps, 'session' | 'runs' | 'starter'>) {
  const save = useObservable(session.save);
  const refusals = useObservable(session.refusals);
  const version = useObservable(session.version);
  const checks = useObservable(runs.checks);
  const open = whatIsOpen({
    files: toFiles(session.doc),
    starter,
    pending: save.pending,
    refusedPaths: [...refusals.keys()],
    version,
    checkedVersion: checks.phase === 'finished' ? checks.version : null,
    failedChecks: checks.results.filter(({ verdict }) => verdict !== 'passed').length,
  });
  return (
    <>
      <Text>
        This is final for this task: what is saved now is graded. Your other tasks and the clock go on.
      </Text>
      {open.length > 0 && (
        <>
          <Text mt="sm" fw={600}>
            Before you do:
          </Text>
          <List mt={4}>
            {open.map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        </>
      )}
    </>
  );
}

function ReceiptText({ receipt, onClose }: { receipt: Receipt; onClose(): void }) {
  useEffect(() => document.getElementById('receipt-close')?.focus(), []);
  return (
    <div role="status">
      <Text>
        We have {receipt.files === 1 ? 'one file' : `${receipt.files} files`} from you, since{' '}
        {timeOfDay(receipt.submittedAt)}. Grading goes on without you: you may close this page whenever you
        like.
      </Text>
      <dl className={classes.headers}>
        <dt>Receipt</dt>
        <dd>{receipt.id}</dd>
        <dt>SHA-256</dt>
        <dd>{receipt.sha256}</dd>
      </dl>
      <Group justify="flex-end" mt="lg">
        <Button id="receipt-close" onClick={onClose}>
          Go on
        </Button>
      </Group>
    </div>
  );
}
