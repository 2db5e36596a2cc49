import { useEffect, useRef } from 'react';
import { type ShortcutId, shortcutOf } from '../shortcuts.js';

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Calls what a shortcut stands for, wherever the focus is; a dialog that is open has the keys for itself. */
export function useShortcuts(actions: Record<ShortcutId, () => void>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping =
        target instanceof HTMLElement &&
        (target.isContentEditable || target.matches('input, textarea, select, [role=textbox]'));
      const id = shortcutOf(event, isMac, isTyping);
      if (!id) return;
      event.preventDefault();
      event.stopPropagation();
      if (!document.querySelector('[role=dialog]')) latest.current[id]();
    };
    // Before the editor, which knows some of the keys by other meanings.
    addEventListener('keydown', hear, { capture: true });
    return () => removeEventListener('keydown', hear, { capture: true });
  }, []);
}
