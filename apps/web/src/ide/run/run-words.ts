import type { ChecksState, LiveState } from './task-runs.js';

const inQueue = (position: number | null) =>
  position === null || position === 0 ? 'Waiting for its turn…' : `Waiting: number ${position} in the queue…`;

/** The state of the live server in a few words. */
export function describeLive({ phase, queuePosition, sentence }: LiveState): string {
  switch (phase) {
    case 'none':
      return 'Not running';
    case 'saving':
      return 'Saving your last edits…';
    case 'queued':
      return inQueue(queuePosition);
    case 'starting':
      return 'Starting…';
    case 'listening':
      return 'Running: your server accepts requests';
    case 'not_listening':
      return 'Running, but it does not listen yet: does it use process.env.PORT?';
    case 'ended':
      return sentence ?? 'Ended';
  }
}

export function describeChecks({ phase, queuePosition, sentence, results }: ChecksState): string {
  switch (phase) {
    case 'none':
      return 'Not run yet';
    case 'saving':
      return 'Saving your last edits…';
    case 'queued':
      return inQueue(queuePosition);
    case 'running':
      return 'Running the sample checks…';
    case 'failed':
      return sentence ?? 'The checks could not be run';
    case 'finished': {
      const passed = results.filter(({ verdict }) => verdict === 'passed').length;
      return `${passed} of ${results.length} sample checks passed`;
    }
  }
}

/** Each verdict as its reader knows it. */
export const VERDICT_WORDS: Record<string, string> = {
  passed: 'Passed',
  failed: 'Failed',
  timed_out: 'Took too long',
  memory_exceeded: 'Used too much memory',
  output_exceeded: 'Wrote too much',
  crashed: 'Server crashed',
  skipped: 'Not run',
};
