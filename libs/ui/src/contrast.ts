import { useSyncExternalStore } from 'react';

const KEY = 'assay-contrast';
const ASKED = '(prefers-contrast: more)';

/** What the reader chose; the system's wish until then. */
function isHigh(): boolean {
  const chosen = localStorage.getItem(KEY);
  return chosen === null ? matchMedia(ASKED).matches : chosen === 'more';
}

const listeners = new Set<() => void>();

/** Marks the document with the contrast that holds now. */
export function applyContrast(): void {
  document.documentElement.dataset.contrast = isHigh() ? 'more' : 'normal';
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const system = matchMedia(ASKED);
  listeners.add(listener);
  system.addEventListener('change', applyContrast);
  return () => {
    listeners.delete(listener);
    system.removeEventListener('change', applyContrast);
  };
}

/** Whether more contrast is on, and how the reader changes it; kept in this browser. */
export function useContrast(): { isHigh: boolean; setHigh(high: boolean): void } {
  return {
    isHigh: useSyncExternalStore(subscribe, isHigh),
    setHigh(high) {
      localStorage.setItem(KEY, high ? 'more' : 'normal');
      applyContrast();
    },
  };
}
