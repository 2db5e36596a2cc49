import type { getTask, ResponseOf } from '@assay/contracts/http';
import { Tabs } from '@mantine/core';
import { useObservable } from '../../attempt/observable.js';
import type { WorkspaceSession } from '../document/workspace-session.js';
import { ChecksPane } from './checks-pane.js';
import { ConsolePane } from './console-pane.js';
import { OutputPane } from './output-pane.js';
import type { TaskRuns } from './task-runs.js';

export type ResultsTab = 'output' | 'requests' | 'checks';

interface ResultsPaneProps {
  attemptId: string;
  task: ResponseOf<typeof getTask>;
  session: WorkspaceSession;
  runs: TaskRuns;
  shown: ResultsTab;
  onShow(tab: ResultsTab): void;
}

const FILL = { flex: 1, minHeight: 0, overflow: 'auto' };

/** What running gives: output, answers and checks. A task of functions has its checks only. */
export function ResultsPane({ attemptId, task, session, runs, shown, onShow }: ResultsPaneProps) {
  const checks = useObservable(runs.checks);
  const version = useObservable(session.version);
  const passed = checks.results.filter(({ verdict }) => verdict === 'passed').length;
  const count = checks.phase === 'finished' ? ` ${passed}/${checks.results.length}` : '';
  const hasServer = task.mode === 'http';
  return (
    <Tabs
      value={hasServer ? shown : 'checks'}
      // Only these three are offered below.
      onChange={(tab) => onShow(tab as ResultsTab)}
      keepMounted={false}
      style={{ display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 }}
    >
      <Tabs.List>
        {hasServer && <Tabs.Tab value="output">Output</Tabs.Tab>}
        {hasServer && <Tabs.Tab value="requests">Requests</Tabs.Tab>}
        <Tabs.Tab value="checks">Sample checks{count}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="output" style={FILL}>
        <OutputPane runs={runs} />
      </Tabs.Panel>
      <Tabs.Panel value="requests" style={FILL}>
        <ConsolePane attemptId={attemptId} taskId={task.taskId} runs={runs} />
      </Tabs.Panel>
      <Tabs.Panel value="checks" style={FILL}>
        <ChecksPane sampleChecks={task.sampleChecks} runs={runs} version={version} />
      </Tabs.Panel>
    </Tabs>
  );
}
