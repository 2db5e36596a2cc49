/** One table: it drives the handlers and the help, so that neither knows a key that the other does not. */
export const SHORTCUTS = [
  { id: 'run', keys: ['Mod+Enter'], does: 'Run: start your server, or start it again', group: 'Run' },
  { id: 'check', keys: ['Mod+Shift+Enter'], does: 'Run the sample checks', group: 'Run' },
  { id: 'save', keys: ['Mod+S'], does: 'See when everything was saved (nothing is submitted)', group: 'Run' },
  { id: 'openFile', keys: ['Mod+P'], does: 'Open a file by its name', group: 'Files' },
  { id: 'compare', keys: ['Alt+D'], does: 'Compare the file with how it was at the start', group: 'Files' },
  { id: 'nextTab', keys: ['Alt+PageDown'], does: 'Next tab', group: 'Files' },
  { id: 'previousTab', keys: ['Alt+PageUp'], does: 'Previous tab', group: 'Files' },
  { id: 'closeTab', keys: ['Alt+W'], does: 'Close the tab', group: 'Files' },
  { id: 'nextPane', keys: ['F6'], does: 'Next pane', group: 'Move' },
  { id: 'previousPane', keys: ['Shift+F6'], does: 'Previous pane', group: 'Move' },
  { id: 'brief', keys: ['Mod+Alt+1'], does: 'To the brief', group: 'Move' },
  { id: 'files', keys: ['Mod+Alt+2'], does: 'To the files', group: 'Move' },
  { id: 'editor', keys: ['Mod+Alt+3'], does: 'To the editor', group: 'Move' },
  { id: 'results', keys: ['Mod+Alt+4'], does: 'To output, requests and checks', group: 'Move' },
  { id: 'help', keys: ['?', 'F1'], does: 'This list', group: 'Move' },
] as const;

export type ShortcutId = (typeof SHORTCUTS)[number]['id'];

/** What the editor and the tree do themselves; the help tells of it. */
export const OTHER_KEYS = [
  { keys: 'Esc, then Tab', does: 'Leave the editor', group: 'Move' },
  { keys: 'Mod+Z', does: 'Undo, in each file for itself', group: 'Edit' },
  { keys: 'Mod+Shift+Z', does: 'Redo', group: 'Edit' },
  { keys: 'Ctrl+Space', does: 'Complete', group: 'Edit' },
  { keys: 'Mod+F', does: 'Find and replace', group: 'Edit' },
  { keys: 'Mod+/', does: 'Comment lines in or out', group: 'Edit' },
  { keys: 'Mod+D', does: 'Select the next occurrence', group: 'Edit' },
  { keys: 'F8', does: 'Next problem', group: 'Edit' },
  { keys: 'F2', does: 'Rename (in the file tree)', group: 'Files' },
  { keys: 'Delete', does: 'Delete, with undo (in the file tree)', group: 'Files' },
] as const;

interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/**
 * The shortcut of a key press; null when it is none. A key without a modifier is a letter to whoever types:
 * `isTyping` says that the press goes into a text field.
 */
export function shortcutOf(pressed: Pressed, isMac: boolean, isTyping: boolean): ShortcutId | null {
  const found = SHORTCUTS.find(({ keys }) =>
    keys.some((combination) => isPressed(combination, pressed, isMac)),
  );
  if (found?.id === 'help' && pressed.key === '?' && isTyping) return null;
  return found?.id ?? null;
}

function isPressed(combination: string, pressed: Pressed, isMac: boolean): boolean {
  const parts = combination.split('+');
  const key = parts.at(-1) ?? '';
  const mod = isMac ? pressed.metaKey : pressed.ctrlKey;
  const otherMod = isMac ? pressed.ctrlKey : pressed.metaKey;
  if (otherMod || mod !== parts.includes('Mod') || pressed.altKey !== parts.includes('Alt')) return false;
  // `?` lies behind Shift on most keyboards, and not on all.
  if (key !== '?' && pressed.shiftKey !== parts.includes('Shift')) return false;
  // With Alt, a Mac's letters and digits become others: their place on the keyboard stays.
  return pressed.key.toLowerCase() === key.toLowerCase() || isPlaceOf(pressed.code, key);
}

const isPlaceOf = (code: string, key: string) =>
  /^[0-9]$/.test(key) ? code === `Digit${key}` : /^[A-Z]$/.test(key) && code === `Key${key}`;

/** As a reader knows the keys: `⌘ ⇧ Enter`, `Ctrl Shift Enter`. */
export function keyNames(combination: string, isMac: boolean): string[] {
  return combination.split('+').map((part) => {
    if (part === 'Mod') return isMac ? '⌘' : 'Ctrl';
    if (part === 'Alt' && isMac) return '⌥';
    if (part === 'Shift' && isMac) return '⇧';
    return part;
  });
}
