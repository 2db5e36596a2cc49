import { describe, expect, it } from '@jest/globals';
import { keyNames, SHORTCUTS, shortcutOf } from './shortcuts.js';

const press = (key: string, held: string[] = [], code = '') => ({
  key,
  code,
  ctrlKey: held.includes('Ctrl'),
  metaKey: held.includes('Meta'),
  altKey: held.includes('Alt'),
  shiftKey: held.includes('Shift'),
});

describe('the shortcuts', () => {
  it('are each of one meaning', () => {
    const all = SHORTCUTS.flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([
    [press('Enter', ['Ctrl']), 'run'],
    [press('Enter', ['Ctrl', 'Shift']), 'check'],
    [press('s', ['Ctrl']), 'save'],
    [press('S', ['Ctrl']), 'save'],
    [press('F6'), 'nextPane'],
    [press('F6', ['Shift']), 'previousPane'],
    [press('3', ['Ctrl', 'Alt']), 'editor'],
    [press('³', ['Ctrl', 'Alt'], 'Digit3'), 'editor'],
    [press('?', ['Shift']), 'help'],
    [press('?'), 'help'],
    [press('Enter'), null],
    [press('s'), null],
    [press('s', ['Meta']), null],
    [press('s', ['Ctrl', 'Alt']), null],
  ])('are known by their keys: %j', (pressed, id) => {
    expect(shortcutOf(pressed, false, false)).toBe(id);
  });

  it('take the command key on a Mac, and keys by their place under Alt', () => {
    expect(shortcutOf(press('s', ['Meta']), true, false)).toBe('save');
    expect(shortcutOf(press('s', ['Ctrl']), true, false)).toBeNull();
    expect(shortcutOf(press('¡', ['Meta', 'Alt'], 'Digit1'), true, false)).toBe('brief');
    expect(keyNames('Mod+Alt+1', true)).toEqual(['⌘', '⌥', '1']);
    expect(keyNames('Mod+Alt+1', false)).toEqual(['Ctrl', 'Alt', '1']);
  });

  it('leave a question mark to whoever types', () => {
    expect(shortcutOf(press('?', ['Shift']), false, true)).toBeNull();
    expect(shortcutOf(press('F1'), false, true)).toBe('help');
    expect(shortcutOf(press('Enter', ['Ctrl']), false, true)).toBe('run');
  });
});
