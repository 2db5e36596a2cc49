import * as Y from 'yjs';

/** What is known of how much of a document is with the server. */
export interface SaveState {
  isConnected: boolean;
  /** Edits since everything was saved, counted as they were made. */
  pending: number;
  /** When the server last said that it has everything, by its clock; null until it has. */
  savedAt: string | null;
}

export const NOTHING_SAVED: SaveState = { isConnected: false, pending: 0, savedAt: null };

export type SaveEvent =
  | { type: 'edited' }
  | { type: 'connected' }
  | { type: 'disconnected' }
  /** `isComplete`: nothing that was done here is missing there. */
  | { type: 'saved'; at: string; isComplete: boolean };

export function nextSaveState(state: SaveState, event: SaveEvent): SaveState {
  switch (event.type) {
    case 'edited':
      return { ...state, pending: state.pending + 1 };
    case 'connected':
      return { ...state, isConnected: true };
    case 'disconnected':
      return { ...state, isConnected: false };
    case 'saved':
      return event.isComplete ? { ...state, pending: 0, savedAt: event.at } : state;
  }
}

/**
 * Whether a saved state vector has every insertion of the local one. Deletions are in neither: that they have arrived is
 * told by the connection's own acknowledgements.
 */
export function covers(saved: Uint8Array, local: Uint8Array): boolean {
  const there = Y.decodeStateVector(saved);
  return [...Y.decodeStateVector(local)].every(([client, clock]) => (there.get(client) ?? 0) >= clock);
}

const edits = (count: number) => (count === 1 ? '1 edit' : `${count} edits`);

/** `14:02`, in the reader's own time zone. */
export const timeOfDay = (instant: string) =>
  new Date(instant).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** In words, and how it is to look. */
export function describeSaving({ isConnected, pending, savedAt }: SaveState): {
  tone: 'good' | 'busy' | 'warning';
  words: string;
} {
  if (!isConnected) {
    if (pending > 0) return { tone: 'warning', words: `Offline · ${edits(pending)} queued in this browser` };
    return { tone: 'warning', words: savedAt ? `Offline · saved ${timeOfDay(savedAt)}` : 'Connecting…' };
  }
  if (pending > 0) return { tone: 'busy', words: 'Saving…' };
  return { tone: 'good', words: savedAt ? `Saved ${timeOfDay(savedAt)}` : 'Everything is saved' };
}
