import { describe, expect, it } from '@jest/globals';
import { closeTab, NO_TABS, openTab, settleTabs, stepTab } from './tabs.js';

const abc = ['a', 'b', 'c'].reduce(openTab, NO_TABS);

describe('the tabs', () => {
  it('open each file once and show it', () => {
    expect(openTab(abc, 'a')).toEqual({ open: ['a', 'b', 'c'], active: 'a' });
  });

  it('show a neighbour when one is closed', () => {
    expect(closeTab(abc, 'c').active).toBe('b');
    expect(closeTab({ ...abc, active: 'a' }, 'a').active).toBe('b');
    expect(closeTab(abc, 'a').active).toBe('c');
    expect(closeTab(openTab(NO_TABS, 'a'), 'a')).toEqual(NO_TABS);
  });

  it('are stepped through around the end', () => {
    expect(stepTab(abc, 1).active).toBe('a');
    expect(stepTab(abc, -1).active).toBe('b');
    expect(stepTab(NO_TABS, 1)).toEqual(NO_TABS);
  });

  it('begin with the file that one would want to see, and lose those that are gone', () => {
    const files = [
      { id: '1', path: 'README.md' },
      { id: '2', path: 'map-limit.js' },
      { id: '3', path: 'server.js' },
    ];
    expect(settleTabs(NO_TABS, files).active).toBe('3');
    expect(settleTabs(NO_TABS, files.slice(0, 2)).active).toBe('2');
    expect(settleTabs(NO_TABS, files.slice(0, 1)).active).toBe('1');
    expect(settleTabs({ open: ['9', '2'], active: '9' }, files)).toEqual({ open: ['2'], active: '2' });
    expect(settleTabs(NO_TABS, [])).toEqual(NO_TABS);
  });
});
