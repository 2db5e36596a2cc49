import type { getTask, ResponseOf } from '@assay/contracts/http';
import { Prose } from '@assay/ui';
import { Button, Group } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircle,
  IconCircleCheck,
  IconCircleX,
  IconListCheck,
} from '@tabler/icons-react';
import { useObservable } from '../../attempt/observable.js';
import classes from '../ide.module.css';
import { describeChecks, VERDICT_WORDS } from './run-words.js';
import type { ChecksState, TaskRuns } from './task-runs.js';

interface ChecksPaneProps {
  sampleChecks: ResponseOf<typeof getTask>['sampleChecks'];
  runs: TaskRuns;
  /** Of the files as they are. */
  version: number;
}

/** The sample checks: what each rests on, and how it went. */
export function ChecksPane({ sampleChecks, runs, version }: ChecksPaneProps) {
  const state = useObservable(runs.checks);
  const isBusy = ['saving', 'queued', 'running'].includes(state.phase);
  const isOld = state.phase === 'finished' && state.version !== version;
  return (
    <>
      <Group
        gap={8}
        px={12}
        py={6}
        justify="space-between"
        wrap="nowrap"
        style={{ borderBottom: '1px solid var(--assay-line)' }}
      >
        <span className={classes.state} data-tone={state.phase === 'failed' ? 'warning' : undefined}>
          {describeChecks(state)}
          {isOld && <span className={classes.quiet}>· before your last change</span>}
        </span>
        <Button
          size="compact-sm"
          variant="default"
          loading={isBusy}
          leftSection={<IconListCheck size={14} aria-hidden />}
          onClick={() => void runs.check()}
        >
          Run the checks
        </Button>
      </Group>
      <ul className={classes.checks}>
        {sampleChecks.map((check) => (
          <Check
            key={check.name}
            check={check}
            result={state.results.find(({ name }) => name === check.name)}
          />
        ))}
      </ul>
      {state.output !== '' && (
        <section aria-label="Output of the last check">
          <h3 className={classes.paneTitle} style={{ padding: '0 16px' }}>
            What your code wrote
          </h3>
          <pre className={classes.reply} style={{ margin: '8px 16px 16px' }}>
            {state.output}
          </pre>
        </section>
      )}
    </>
  );
}

interface CheckProps {
  check: ChecksPaneProps['sampleChecks'][number];
  result: ChecksState['results'][number] | undefined;
}

function Check({ check, result }: CheckProps) {
  const isPassed = result?.verdict === 'passed';
  return (
    <li className={classes.check}>
      <div className={classes.checkHead}>
        <span className={classes.state} data-tone={result ? (isPassed ? 'good' : 'bad') : undefined}>
          <CheckIcon verdict={result?.verdict} />
          <span className={classes.checkName}>{check.name.replaceAll('-', ' ')}</span>
          <span>{result ? VERDICT_WORDS[result.verdict] : 'Not run yet'}</span>
        </span>
        {result && <span className={classes.quiet}>{Math.round(result.ms)} ms</span>}
      </div>
      <p className={classes.implied}>
        “<Prose text={check.impliedBy} />”
      </p>
      {result && !isPassed && (
        <dl className={classes.facts}>
          {result.message && <Fact name="Why" text={result.message} />}
          {result.expected && <Fact name="Expected" text={result.expected} isCode />}
          {result.actual && <Fact name="Got" text={result.actual} isCode />}
        </dl>
      )}
    </li>
  );
}

function Fact({ name, text, isCode = false }: { name: string; text: string; isCode?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={isCode ? classes.mono : undefined}>{text}</dd>
    </>
  );
}

function CheckIcon({ verdict }: { verdict: string | undefined }) {
  if (verdict === undefined) return <IconCircle size={18} aria-hidden />;
  if (verdict === 'passed') return <IconCircleCheck size={18} aria-hidden />;
  return verdict === 'failed' ? (
    <IconCircleX size={18} aria-hidden />
  ) : (
    <IconAlertTriangle size={18} aria-hidden />
  );
}
