import type { Content } from '@assay/contracts/content';
import { publishContent } from '@assay/db';
import {
  makeGradedSubmission,
  makeTask,
  openTestApi,
  problemOf,
  type StaffMember,
  sampleContent,
  type TestApi,
} from '@assay/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';

let api: TestApi<Awaited<ReturnType<typeof createRecruiterApi>>>;
let owner: StaffMember;
let candidacyId: string;
let taskId: string;

beforeAll(async () => {
  api = await openTestApi(createRecruiterApi);
  owner = await api.member('owner');
  taskId = await makeTask(api.db);
});
afterAll(() => api.close());

const get = async (path: string) => (await owner.http.get(path)).body;
const kitPath = () => `/v1/candidacies/${candidacyId}/kit`;
const putKit = (body: object) => owner.http.put(kitPath()).send(body);
/** What a PUT takes of what a GET gave. */
const wanted = ({ items }: { items: { questionId: string; opening: string }[] }) =>
  items.map(({ questionId, opening }) => ({ questionId, opening }));

it('says that the content is not published', async () => {
  problemOf(await owner.http.get('/v1/content'), 'content.not_published');
  problemOf(await owner.http.get('/v1/content/versions/1'), 'resource.not_found');
});

describe('with published content', () => {
  beforeAll(async () => {
    await publishContent(api.db, sampleContent(), 'v1');
  });
  beforeEach(async () => {
    ({ candidacyId } = await makeGradedSubmission(api.db, owner.viewer, taskId));
  });

  it('gives all of it', async () => {
    expect(await get('/v1/content')).toMatchObject({ version: 1, content: sampleContent() });
  });

  it('gives a kit from the candidacy’s own evidence, with all that an interviewer needs', async () => {
    const kit = await get(kitPath());
    expect(kit).toMatchObject({ candidacyId, contentVersion: 1, revision: 0, changes: [] });
    expect(kit.items[0]).toMatchObject({
      slot: 'weakest',
      competency: 'rest',
      questionId: 'rest-first',
      evidence: [{ taskId, check: 'hidden-two', verdict: 'failed' }],
      question: { purpose: 'Finds out.', answers: [{ score: 1 }, { score: 2 }, { score: 3 }, { score: 4 }] },
    });
    expect(kit.items[0].reason).toMatch(
      /^In “A task”, “hidden two” failed: It must answer 200\. Expected 200; it was 500\. There is evidence on The rest part only \(1 of 2 checks passed/,
    );
    expect(await get(kitPath())).toEqual(kit);
  });

  it('keeps an edited kit, and who changed what and why', async () => {
    const before = await get(kitPath());
    const items = wanted(before).with(0, { questionId: 'sql-first', opening: 'Tell me about locks.' });
    const saved = await putKit({ baseRevision: 0, items, why: 'They will work on the database.' });
    expect(saved.status).toBe(200);
    expect(saved.body).toMatchObject({
      revision: 1,
      changes: [
        {
          kind: 'replaced',
          questionId: 'sql-first',
          insteadOf: 'rest-first',
          memberId: owner.viewer.memberId,
          why: 'They will work on the database.',
        },
      ],
    });
    expect(await get(kitPath())).toEqual(saved.body);
    expect(wanted(saved.body)).toEqual(items);
  });

  it('refuses an edit of what was changed meanwhile, and questions that nobody wrote', async () => {
    const items = wanted(await get(kitPath()));
    const edit = { baseRevision: 0, items: items.toReversed(), why: 'This way round.' };
    const [one, other] = await Promise.all([putKit(edit), putKit(edit)]);
    expect([one.status, other.status]).toEqual(expect.arrayContaining([200, 409]));
    problemOf(await putKit(edit), 'kit.changed_elsewhere');
    const unknown = [{ questionId: 'nobody-wrote-it', opening: 'x' }];
    problemOf(await putKit({ ...edit, baseRevision: 1, items: unknown }), 'kit.question_unknown');
    problemOf(await putKit({ ...edit, baseRevision: 1, items: [...items, ...items] }), 'kit.question_twice');
  });

  it('releases feedback to the candidate, and takes it back', async () => {
    const preview = await get(`/v1/candidacies/${candidacyId}/feedback`);
    expect(preview).toMatchObject({
      isComplete: true,
      release: null,
      competencies: [
        {
          competency: 'rest',
          name: 'The rest part',
          opening: 'A good part of it worked.',
          passed: [{ title: 'Hidden one', brief: 'The brief asks for hidden-one.' }],
          notYet: [{ title: 'Hidden two', expected: '200', actual: '500', how: null }],
          next: { steps: [{}] },
        },
      ],
    });
    const path = `/v1/candidacies/${candidacyId}/feedback-release`;
    for (let i = 0; i < 2; i += 1) expect((await owner.http.post(path)).status).toBe(204);
    const released = await get(`/v1/candidacies/${candidacyId}/feedback`);
    expect(released).toEqual({
      ...preview,
      release: { memberId: owner.viewer.memberId, at: expect.any(String) },
    });
    for (let i = 0; i < 2; i += 1) expect((await owner.http.delete(path)).status).toBe(204);
    const events = await api.db.prisma.event.findMany({
      where: { stream: `candidacy:${candidacyId}` },
      orderBy: { sequence: 'asc' },
    });
    expect(events.slice(-2).map(({ payload }) => payload)).toEqual([
      { type: 'feedback.released', memberId: owner.viewer.memberId },
      { type: 'feedback.withdrawn', memberId: owner.viewer.memberId },
    ]);
  });

  it('keeps what was said with an older version readable', async () => {
    const items = wanted(await get(kitPath()));
    await putKit({ baseRevision: 0, items: items.toReversed(), why: 'This way round.' });
    await owner.http.post(`/v1/candidacies/${candidacyId}/feedback-release`);
    const before = {
      content: await get('/v1/content/versions/1'),
      kit: await get(kitPath()),
      feedback: await get(`/v1/candidacies/${candidacyId}/feedback`),
    };
    const { version, isNew } = await publishContent(api.db, changed(sampleContent()), 'v2');
    expect([version, isNew]).toEqual([2, true]);
    expect(await publishContent(api.db, changed(sampleContent()), 'v2')).toEqual({
      version: 2,
      isNew: false,
    });

    expect(await get('/v1/content')).toMatchObject({ version: 2, content: changed(sampleContent()) });
    expect(await get('/v1/content/versions/1')).toEqual(before.content);
    expect(before.content.content).toEqual(sampleContent());
    expect(await get(kitPath())).toEqual(before.kit);
    expect(before.kit.items.map(({ questionId }: { questionId: string }) => questionId)).toContain(
      'own-second',
    );
    expect(await get(`/v1/candidacies/${candidacyId}/feedback`)).toEqual(before.feedback);

    const again = await putKit({ baseRevision: 1, items, why: 'As it was.' });
    expect(again.body).toMatchObject({ revision: 2, contentVersion: 1 });
    const { candidacyId: next } = await makeGradedSubmission(api.db, owner.viewer, taskId);
    const kit = await get(`/v1/candidacies/${next}/kit`);
    expect(kit.contentVersion).toBe(2);
    expect(JSON.stringify(kit)).not.toContain('own-second');
  });

  it('is never changed once it is published', async () => {
    const change = api.db.prisma.contentVersion.update({ where: { version: 1 }, data: { document: {} } });
    await expect(change).rejects.toThrow(/never changes/);
    await expect(api.db.prisma.contentVersion.delete({ where: { version: 1 } })).rejects.toThrow();
  });
});

/** Without a question, and with another anchor and other feedback. */
function changed(content: Content): Content {
  const gone = 'own-second';
  return {
    ...content,
    competencies: content.competencies.map((text) => ({
      ...text,
      anchors: { ...text.anchors, mid: 'Works quite alone.' },
    })),
    questions: content.questions.filter(({ id }) => id !== gone),
    picking: { ...content.picking, questions: content.picking.questions.filter((id) => id !== gone) },
    feedback: content.feedback.map((text) => ({
      ...text,
      openings: { ...text.openings, somePassed: 'Other words.' },
    })),
  };
}
