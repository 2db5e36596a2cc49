import type { SourceFile } from '@assay/contracts';
import type { EditorView } from '@codemirror/view';
import { Button, CloseButton, Group, Loader, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../api.js';
import { BreakButton } from '../attempt/break-button.js';
import { announcement } from '../attempt/connection.js';
import { useObservable } from '../attempt/observable.js';
import { ReportProblem } from '../attempt/report-problem.js';
import type { Attempt } from '../attempt/use-attempt.js';
import { describeSaving } from './document/save-state.js';
import { CLOSED_WORDS } from './document/server-words.js';
import type { Workspace } from './document/use-workspaces.js';
import { EditorPane } from './editor/editor-pane.js';
import { FileWork } from './files/file-work.js';
import { FilesPane } from './files/files-pane.js';
import { QuickOpen } from './files/quick-open.js';
import { useChanges } from './files/use-changes.js';
import classes from './ide.module.css';
import { Brief } from './layout/brief.js';
import { KeysDialog } from './layout/keys.js';
import { Notices } from './layout/notice.js';
import { PaneLayout } from './layout/pane-layout.js';
import { type PaneId, stepPane } from './layout/panes.js';
import { TopBar } from './layout/top-bar.js';
import { useShortcuts } from './layout/use-shortcuts.js';
import { ResultsPane, type ResultsTab } from './run/results-pane.js';
import { describeChecks, describeLive } from './run/run-words.js';
import { sentenceOf } from './run/task-runs.js';
import { SubmitDialog } from './submit/submit-dialog.js';
import { closeTab, NO_TABS, openTab, settleTabs, stepTab, type Tabs } from './tabs.js';

interface TaskIdeProps {
  mode: 'practice' | 'attempt';
  attempt: Attempt;
  task: { taskId: string; title: string };
  tasks: { taskId: string; title: string }[];
  workspace: Workspace;
  isSubmitted: boolean;
  onTask(taskId: string): void;
  onSubmitted(): void;
}

const NO_FILES: SourceFile[] = [];

type Dialog = 'keys' | 'open' | 'submit' | null;

/** One task: brief, files, editor and results, with the keys that lead through them. */
export function TaskIde(props: TaskIdeProps) {
  const { attempt, task, workspace, isSubmitted } = props;
  const { session, runs } = workspace;
  const { taskId } = task;
  const loaded = useQuery({
    queryKey: ['task', attempt.id, taskId],
    queryFn: ({ signal }) => api.getTask({ params: { taskId } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isReady = useObservable(session.isReady);
  const files = useObservable(session.files);
  const closed = useObservable(session.closed);
  const refusals = useObservable(session.refusals);
  const [tabs, setTabs] = useState<Tabs>(NO_TABS);
  const [results, setResults] = useState<ResultsTab>('output');
  const [dialog, setDialog] = useState<Dialog>(null);
  const [isComparing, setComparing] = useState(false);
  const [pane, setPane] = useState<PaneId>('editor');
  const isNarrow = useMediaQuery('(max-width: 899px)') ?? false;
  const view = useRef<EditorView | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const notices = useMemo(() => new Notices(), []);
  const work = useMemo(() => new FileWork(session, notices), [session, notices]);
  const starter = loaded.data?.starter ?? NO_FILES;
  const changes = useChanges(session, starter);
  const settled = settleTabs(tabs, files);
  const isReadOnly = isSubmitted || closed !== null || attempt.state === 'closed';
  const hasServer = loaded.data?.mode !== 'function';
  useSpokenResults(workspace);

  const focusPane = (target: PaneId) => {
    setPane(target);
    // A pane that was not shown is there after the next paint.
    requestAnimationFrame(() => {
      if (target === 'editor' && view.current) view.current.focus();
      else {
        const section = root.current?.querySelector<HTMLElement>(`[data-pane="${target}"]`);
        const inside = section?.querySelector<HTMLElement>(
          '[role=treeitem][tabindex="0"], [role=tab][aria-selected=true]',
        );
        (inside ?? section)?.focus();
      }
    });
  };
  const paneOfFocus = (): PaneId | null => {
    const section = document.activeElement?.closest<HTMLElement>('[data-pane]');
    // Written by our own layout.
    return (section?.dataset.pane as PaneId | undefined) ?? null;
  };
  const show = (next: Tabs) => setTabs(settleTabs(next, files));
  const open = (id: string) => {
    setTabs(openTab(settled, id));
    focusPane('editor');
  };
  const run = () => {
    if (!hasServer) return check();
    if (isReadOnly) return;
    setResults('output');
    if (isNarrow) setPane('results');
    void runs.start();
  };
  const check = () => {
    if (isReadOnly) return;
    setResults('checks');
    if (isNarrow) setPane('results');
    void runs.check();
  };
  useShortcuts({
    run,
    check,
    save: () => {
      const { words } = describeSaving(session.save.get());
      notices.say(`${words}. Everything is saved as you type; nothing is submitted.`);
    },
    openFile: () => setDialog('open'),
    compare: () => setComparing(!isComparing),
    nextTab: () => show(stepTab(settled, 1)),
    previousTab: () => show(stepTab(settled, -1)),
    closeTab: () => settled.active && show(closeTab(settled, settled.active)),
    nextPane: () => focusPane(stepPane(paneOfFocus(), 1)),
    previousPane: () => focusPane(stepPane(paneOfFocus(), -1)),
    brief: () => focusPane('brief'),
    files: () => focusPane('files'),
    editor: () => focusPane('editor'),
    results: () => focusPane('results'),
    help: () => setDialog('keys'),
  });

  const opening = !isReady && <Loader size="sm" m="md" aria-label="Opening your files" />;
  return (
    <div className={classes.ide} ref={root}>
      <TopBar
        {...props}
        hasServer={hasServer}
        onRun={run}
        onCheck={check}
        onSubmit={() => setDialog('submit')}
        onKeys={() => setDialog('keys')}
      />
      <NoticeBar notices={notices} />
      <Banner isSubmitted={isSubmitted} closed={closed} refusals={refusals} />
      <PaneLayout
        isNarrow={isNarrow}
        shown={pane}
        onShow={focusPane}
        brief={
          loaded.data ? (
            <Brief text={loaded.data.brief}>
              <Group mt="xl" gap="xs">
                <ReportProblem tasks={[task]} button={{ size: 'compact-sm', variant: 'default' }} />
                <BreakButton attempt={attempt} />
              </Group>
            </Brief>
          ) : loaded.error ? (
            <p className={classes.empty} role="alert">
              {sentenceOf(loaded.error)}
            </p>
          ) : (
            <Skeleton m="md" height={160} width="auto" />
          )
        }
        files={
          opening || (
            <FilesPane
              files={files}
              activeId={settled.active}
              changes={changes}
              starter={starter}
              isReadOnly={isReadOnly}
              work={work}
              onOpen={open}
            />
          )
        }
        editor={
          opening || (
            <EditorPane
              workspace={workspace}
              files={files}
              tabs={settled}
              starter={starter}
              isComparing={isComparing}
              isReadOnly={isReadOnly}
              onOpen={open}
              onCloseTab={(id) => show(closeTab(settled, id))}
              onCompare={() => setComparing(!isComparing)}
              onRefused={(sentence) => notices.warn(sentence)}
              onView={(made) => {
                view.current = made;
              }}
            />
          )
        }
        results={
          loaded.data && (
            <ResultsPane
              attemptId={attempt.id}
              task={loaded.data}
              session={session}
              runs={runs}
              shown={results}
              onShow={setResults}
            />
          )
        }
      />
      {dialog === 'keys' && <KeysDialog onClose={() => setDialog(null)} />}
      {dialog === 'open' && <QuickOpen files={files} onOpen={open} onClose={() => setDialog(null)} />}
      {dialog === 'submit' && (
        <SubmitDialog
          title={task.title}
          session={session}
          runs={runs}
          starter={starter}
          onClose={() => setDialog(null)}
          onSubmitted={() => {
            setDialog(null);
            props.onSubmitted();
          }}
        />
      )}
    </div>
  );
}

/** Reads out how a run or the checks go, each word once. */
function useSpokenResults({ runs }: Workspace): void {
  useEffect(() => {
    let last = '';
    const say = (words: string) => {
      if (words !== last) announcement.set(words);
      last = words;
    };
    const forgetLive = runs.live.subscribe(() => say(describeLive(runs.live.get())));
    const forgetChecks = runs.checks.subscribe(() => say(describeChecks(runs.checks.get())));
    return () => {
      forgetLive();
      forgetChecks();
    };
  }, [runs]);
}

function NoticeBar({ notices }: { notices: Notices }) {
  const notice = useObservable(notices.current);
  return (
    <div role="status">
      {notice && (
        <div className={classes.notice} data-tone={notice.tone}>
          <span>{notice.text}</span>
          {notice.undo && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                notice.undo?.();
                notices.close();
              }}
            >
              Undo
            </Button>
          )}
          <span className={classes.grow} />
          <CloseButton size="sm" aria-label="Close this notice" onClick={() => notices.close()} />
        </div>
      )}
    </div>
  );
}

interface BannerProps {
  isSubmitted: boolean;
  closed: string | null;
  refusals: ReadonlyMap<string, string>;
}

/** What holds for as long as it holds: read-only, or not saved as it is. */
function Banner({ isSubmitted, closed, refusals }: BannerProps) {
  const sentences = [
    ...(closed ? [closed] : isSubmitted ? [CLOSED_WORDS.submitted] : []),
    ...refusals.values(),
  ];
  return (
    <div role="status">
      {sentences.map((sentence) => (
        <p key={sentence} className={classes.notice} data-tone="warning" style={{ margin: 0 }}>
          {sentence}
        </p>
      ))}
    </div>
  );
}
