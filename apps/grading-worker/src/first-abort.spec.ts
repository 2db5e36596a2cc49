import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { firstAbort } from './first-abort.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('the first of several aborts', () => {
  it('is told with its reason, also when garbage was collected before', () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const { signal } = firstAbort(one.signal, two.signal);
    let reason: unknown;
    signal.addEventListener('abort', () => {
      reason = signal.reason;
    });
    collectGarbage();
    two.abort('two');
    one.abort('one');
    expect(reason).toBe('two');
  });

  it('has happened when a source had aborted before', () => {
    expect(firstAbort(AbortSignal.abort('before')).signal).toMatchObject({ aborted: true, reason: 'before' });
  });

  it('is no longer told after the release', () => {
    const source = new AbortController();
    const { signal, release } = firstAbort(source.signal);
    release();
    source.abort();
    expect(signal.aborted).toBe(false);
  });
});
