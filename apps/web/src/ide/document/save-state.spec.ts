import { describe, expect, it } from '@jest/globals';
import * as Y from 'yjs';
import {
  covers,
  describeSaving,
  NOTHING_SAVED,
  nextSaveState,
  type SaveEvent,
  timeOfDay,
} from './save-state.js';

const AT = '2026-11-22T14:02:30.000Z';
const after = (...events: SaveEvent[]) => events.reduce(nextSaveState, NOTHING_SAVED);
const wordsAfter = (...events: SaveEvent[]) => describeSaving(after(...events)).words;
const edited: SaveEvent = { type: 'edited' };
const connected: SaveEvent = { type: 'connected' };
const disconnected: SaveEvent = { type: 'disconnected' };
const saved: SaveEvent = { type: 'saved', at: AT, isComplete: true };

describe('the save state', () => {
  it('says when everything was saved', () => {
    expect(wordsAfter(connected, edited)).toBe('Saving…');
    expect(wordsAfter(connected, edited, saved)).toBe(`Saved ${timeOfDay(AT)}`);
  });

  it('counts the edits that wait for the network, and forgets none when it is back', () => {
    expect(wordsAfter(connected, saved, disconnected)).toBe(`Offline · saved ${timeOfDay(AT)}`);
    expect(wordsAfter(connected, edited, disconnected)).toBe('Offline · 1 edit queued in this browser');
    expect(wordsAfter(disconnected, edited, edited)).toBe('Offline · 2 edits queued in this browser');
    expect(wordsAfter(disconnected, edited, connected)).toBe('Saving…');
  });

  it('does not call saved what the server has in part only', () => {
    expect(after(connected, edited, { ...saved, isComplete: false })).toMatchObject({
      pending: 1,
      savedAt: null,
    });
  });
});

describe('a saved state vector', () => {
  const docOf = (clientId: number, text: string) => {
    const doc = new Y.Doc();
    doc.clientID = clientId;
    doc.getText('t').insert(0, text);
    return doc;
  };

  it('covers what it has, and more of somebody else', () => {
    const mine = docOf(1, 'abc');
    const both = docOf(2, 'x');
    Y.applyUpdate(both, Y.encodeStateAsUpdate(mine));
    expect(covers(Y.encodeStateVector(both), Y.encodeStateVector(mine))).toBe(true);
    mine.getText('t').insert(0, 'd');
    expect(covers(Y.encodeStateVector(both), Y.encodeStateVector(mine))).toBe(false);
    expect(covers(Y.encodeStateVector(new Y.Doc()), Y.encodeStateVector(mine))).toBe(false);
  });
});
