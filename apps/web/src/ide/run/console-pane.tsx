import type { ConsoleReply } from '@assay/contracts/http';
import { ActionIcon, Button, Group, NativeSelect, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import { IconBookmark, IconSend, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { announcement } from '../../attempt/connection.js';
import classes from '../ide.module.css';
import { type Draft, METHODS, readableBody, toRequest } from './console-model.js';
import { type Kept, readKept, withoutSaved, withSaved, withSent, writeKept } from './kept-requests.js';
import { LiveState } from './output-pane.js';
import type { TaskRuns } from './task-runs.js';

interface ConsolePaneProps {
  attemptId: string;
  taskId: string;
  runs: TaskRuns;
}

/** Sends requests to the candidate's own server and shows what comes back. */
export function ConsolePane({ attemptId, taskId, runs }: ConsolePaneProps) {
  const [kept, setKept] = useState(() => readKept(attemptId, taskId));
  const [wrong, setWrong] = useState<string | null>(null);
  const [reply, setReply] = useState<ConsoleReply | null>(null);
  const [isSending, setSending] = useState(false);
  const { draft } = kept;
  const store = (next: Kept) => {
    setKept(next);
    writeKept(attemptId, taskId, next);
  };
  const edit = (part: Partial<Draft>) => {
    setWrong(null);
    store({ ...kept, draft: { ...draft, ...part } });
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const made = toRequest(draft);
    if ('wrong' in made) return setWrong(made.wrong);
    setSending(true);
    store(withSent(kept, draft));
    const came = await runs.send(made.request);
    setReply(came);
    setSending(false);
    announcement.set(
      came.outcome === 'answered' ? `Answer: ${came.status}, in ${Math.round(came.ms)} ms` : came.message,
    );
  };
  return (
    <div className={classes.console}>
      <div className={classes.consoleSide}>
        <form onSubmit={(event) => void send(event)} aria-label="Request">
          <div className={classes.requestLine}>
            <NativeSelect
              aria-label="Method"
              data={[...METHODS]}
              value={draft.method}
              // One of the options, which are the methods.
              onChange={(event) => edit({ method: event.currentTarget.value as Draft['method'] })}
            />
            <TextInput
              aria-label="Path"
              flex={1}
              classNames={{ input: classes.mono }}
              value={draft.target}
              error={wrong}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => edit({ target: event.currentTarget.value })}
            />
            <Button type="submit" loading={isSending} leftSection={<IconSend size={16} aria-hidden />}>
              Send
            </Button>
          </div>
          <Textarea
            label="Headers, one a line"
            placeholder="If-Match: &quot;1&quot;"
            autosize
            minRows={1}
            maxRows={6}
            mb={8}
            spellCheck={false}
            classNames={{ input: classes.mono }}
            value={draft.headers}
            onChange={(event) => edit({ headers: event.currentTarget.value })}
          />
          <Textarea
            label="Body"
            placeholder='{"isbn": "9780000000001"}'
            autosize
            minRows={3}
            maxRows={16}
            spellCheck={false}
            classNames={{ input: classes.mono }}
            value={draft.body}
            onChange={(event) => edit({ body: event.currentTarget.value })}
          />
          <Group justify="flex-end" mt={8}>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconBookmark size={14} aria-hidden />}
              onClick={() => store(withSaved(kept, draft))}
            >
              Save this request
            </Button>
          </Group>
        </form>
        <KeptList
          title="Saved requests"
          drafts={kept.saved}
          onChoose={(chosen) => store({ ...kept, draft: chosen })}
          onForget={(chosen) => store(withoutSaved(kept, chosen))}
        />
        <KeptList
          title="Sent lately"
          drafts={kept.history}
          onChoose={(chosen) => store({ ...kept, draft: chosen })}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={classes.consoleSide} aria-label="Answer" tabIndex={0}>
        {reply ? <Reply reply={reply} /> : <LiveState runs={runs} />}
      </section>
    </div>
  );
}

interface KeptListProps {
  title: string;
  drafts: readonly Draft[];
  onChoose(draft: Draft): void;
  onForget?(draft: Draft): void;
}

function KeptList({ title, drafts, onChoose, onForget }: KeptListProps) {
  if (drafts.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className={classes.paneTitle}>{title}</h3>
      <ul className={classes.kept}>
        {drafts.map((draft) => (
          <li key={JSON.stringify(draft)}>
            <UnstyledButton className={classes.keptName} onClick={() => onChoose(draft)}>
              {draft.method} {draft.target}
            </UnstyledButton>
            {onForget && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={`Forget ${draft.method} ${draft.target}`}
                onClick={() => onForget(draft)}
              >
                <IconX size={14} aria-hidden />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

const toneOf = (status: number) => (status < 400 ? 'good' : status < 500 ? 'warning' : 'bad');

function Reply({ reply }: { reply: ConsoleReply }) {
  if (reply.outcome === 'no_answer') {
    return (
      <p className={classes.state} data-tone="warning">
        {reply.message}
      </p>
    );
  }
  return (
    <>
      <Group gap={12}>
        <span className={`${classes.state} ${classes.status}`} data-tone={toneOf(reply.status)}>
          {reply.status}
        </span>
        <span className={classes.quiet}>{reply.ms < 10 ? reply.ms.toFixed(1) : Math.round(reply.ms)} ms</span>
        {reply.isCut && <span className={classes.quiet}>only the beginning is shown</span>}
      </Group>
      {reply.body === '' ? (
        <p className={classes.quiet}>No body</p>
      ) : (
        <pre className={classes.reply}>{readableBody(reply)}</pre>
      )}
      <dl className={classes.headers}>
        {reply.headers.map(({ name, value }, index) => (
          // A header may come twice: its place is part of what it is.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div key={`${index} ${name}`} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
