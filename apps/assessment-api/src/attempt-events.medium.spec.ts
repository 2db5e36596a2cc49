import {
  type HttpCaller,
  makeInvitation,
  makeMember,
  makeTask,
  openEventStream,
  openTestApi,
  type TestApi,
} from '@assay/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAssessmentApi } from './assessment-api.js';

describe('the stream of an attempt', () => {
  let api: TestApi | undefined;
  let http: HttpCaller;
  let cookie: string;
  let taskId: string;

  beforeEach(async () => {
    const opened = await openTestApi(createAssessmentApi);
    api = opened;
    taskId = await makeTask(opened.db);
    const { secret } = await makeInvitation(opened.db, await makeMember(opened.db), [taskId]);
    ({ http, cookie } = await opened.candidate(secret));
  });
  afterEach(() => api?.close());

  const follow = (lastEventId?: number) =>
    openEventStream(`${api?.url}/v1/attempt/events`, { cookie, lastEventId });

  it('tells what happens while it happens, and all of it to whoever comes later', async () => {
    const stream = await follow();
    await http.post('/v1/attempt/consent').send({ agreed: true });
    const { body: attempt } = await http.post('/v1/attempt/start');
    expect(await stream.next()).toEqual({
      sequence: 1,
      event: { type: 'attempt.started', closesAt: attempt.closesAt },
    });
    const { body: submission } = await http.post(`/v1/attempt/tasks/${taskId}/submission`);
    const rest = await stream.take(2);
    expect(rest.map(({ event }) => event)).toEqual([
      { type: 'submission.received', submissionId: submission.id, taskId, queuePosition: 1 },
      { type: 'attempt.closed' },
    ]);
    stream.leave();

    const later = await follow();
    expect((await later.take(3)).slice(1)).toEqual(rest);
    later.leave();
    const resumed = await follow(2);
    expect(await resumed.next()).toEqual(rest[1]);
    resumed.leave();
  });

  it('reaches two tabs', async () => {
    const tabs = [await follow(), await follow()];
    await http.post('/v1/attempt/consent').send({ agreed: true });
    await http.post('/v1/attempt/start');
    const [one, other] = await Promise.all(tabs.map((tab) => tab.next()));
    expect(one).toEqual(other);
    for (const tab of tabs) tab.leave();
  });

  it('ends when the API closes, which does not wait for the candidate', async () => {
    const stream = await follow();
    const startedAt = performance.now();
    const closing = api?.close();
    api = undefined;
    await Promise.all([closing, stream.ended()]);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it.each(['abc', '-5', 'NaN', ''])('begins at the beginning for Last-Event-ID %j', async (lastEventId) => {
    await http.post('/v1/attempt/consent').send({ agreed: true });
    await http.post('/v1/attempt/start');
    const gone = new AbortController();
    const response = await fetch(`${api?.url}/v1/attempt/events`, {
      headers: { cookie, 'last-event-id': lastEventId },
      signal: gone.signal,
    });
    let text = '';
    for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    )) {
      text += chunk;
      if (text.includes('id: 1\n')) break;
    }
    gone.abort();
    expect(text).toContain('attempt.started');
  });
});
