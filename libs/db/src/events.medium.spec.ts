import { getEventListeners } from 'node:events';
import { StaffEvent } from '@assay/contracts/events';
import { createTestDatabase, type TestDatabase } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from './database.js';
import { EventFeed } from './event-feed.js';
import { appendStaffEvent, candidacyStream, listEventsAfter } from './events.js';

const candidacyId = '019a0000-0000-7000-8000-000000000000';
const stream = candidacyStream(candidacyId);

describe('events', () => {
  let test: TestDatabase;
  let db: Database;
  let feed: EventFeed;

  beforeAll(async () => {
    test = await createTestDatabase();
    db = new Database(test.apiUrl);
    // It never looks by itself: only a notification can wake a follower.
    feed = new EventFeed(db, 1_000_000);
  });
  afterAll(async () => {
    await feed.close();
    await db.close();
    await test.drop();
  });

  const append = (statement: string) =>
    db.transaction((tx) => appendStaffEvent(tx, candidacyId, { type: 'level.estimated', statement }));

  it('have sequences without gaps, whoever writes at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => append(`event ${i}`)));
    const events = await listEventsAfter(db, stream, 0, StaffEvent);
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('leave no trace of a transaction that failed', async () => {
    const before = await listEventsAfter(db, stream, 0, StaffEvent);
    await expect(
      db.transaction(async (tx) => {
        await appendStaffEvent(tx, candidacyId, { type: 'level.estimated', statement: 'lost' });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await listEventsAfter(db, stream, 0, StaffEvent)).toEqual(before);
  });

  it('reach a follower as they commit, from where it left off, until it leaves', async () => {
    const last = (await listEventsAfter(db, stream, 0, StaffEvent)).at(-1)?.sequence ?? 0;
    await append('missed while away');
    const leave = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { event } of feed.follow(stream, last, StaffEvent, leave.signal)) {
        if (event.type === 'level.estimated') seen.push(event.statement);
        if (seen.length === 1) await append('while watching');
        if (seen.length === 2) leave.abort();
      }
    })();
    await following;
    expect(seen).toEqual(['missed while away', 'while watching']);
  });

  it('leave nothing behind of a follower who goes in the middle of them', async () => {
    await append('one of several');
    const { signal } = new AbortController();
    for await (const { sequence } of feed.follow(stream, 0, StaffEvent, signal)) if (sequence > 0) break;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
