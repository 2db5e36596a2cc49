import { describe, expect, it } from '@jest/globals';
import { type WorkToSubmit, whatIsOpen } from './what-is-open.js';

const STARTER = [{ path: 'a.js', content: '1' }];
const DONE: WorkToSubmit = {
  files: [{ path: 'a.js', content: '2' }],
  starter: STARTER,
  pending: 0,
  refusedPaths: [],
  version: 7,
  checkedVersion: 7,
  failedChecks: 0,
};

describe('what somebody should know before they submit', () => {
  it('is nothing when everything is saved, changed, run and right', () => {
    expect(whatIsOpen(DONE)).toEqual([]);
  });

  it.each<[Partial<WorkToSubmit>, RegExp]>([
    [{ pending: 2 }, /not saved yet/],
    [{ refusedPaths: ['big.js'] }, /^big\.js is not saved/],
    [{ files: STARTER }, /Nothing has been changed/],
    [{ checkedVersion: null }, /never run/],
    [{ checkedVersion: 6, failedChecks: 3 }, /before your last change/],
    [{ failedChecks: 1 }, /^1 of the sample checks does not pass/],
    [{ failedChecks: 2 }, /^2 of the sample checks do not pass/],
  ])('%j', (part, sentence) => {
    expect(whatIsOpen({ ...DONE, ...part })).toEqual([expect.stringMatching(sentence)]);
  });

  it('counts a file that came or went as a change', () => {
    expect(whatIsOpen({ ...DONE, files: [...STARTER, { path: 'b.js', content: '' }] })).toEqual([]);
    expect(whatIsOpen({ ...DONE, files: [] })).toEqual([]);
  });
});
