import { createClient } from '@assay/contracts/client';
import { assessmentApi } from '@assay/contracts/http';
import type { CandidateClient } from '../e2e/journey.js';
import type { System } from '../e2e/system.js';

/** An invitation that nobody has opened yet. */
export interface Invited {
  url: string;
  /** Of the invitation, to revoke it. */
  invitationId: string;
  candidacyId: string;
  /** The same candidate elsewhere: what their page must follow by itself. */
  elsewhere(): Promise<CandidateClient>;
}

let count = 0;

/** Invites a new candidate to these tasks. */
export async function invite(
  { staff, candidateUrl }: System,
  {
    taskIds,
    role = 'Back-end engineer',
    minutes = 45,
  }: { taskIds: string[]; role?: string; minutes?: number },
): Promise<Invited> {
  const { id: roleId } = await staff.createRole({
    body: { title: role, targetLevel: 'mid', competencies: { rest: 1 } },
  });
  const params = { roleId };
  count += 1;
  const candidate = { name: 'Kim', email: `kim-${count}@mail.example` };
  const { id: candidacyId } = await staff.addCandidate({ params, body: candidate });
  const assessment = await staff.createAssessment({ body: { name: 'Node.js service', minutes, taskIds } });
  const body = { candidacyId, assessmentId: assessment.id };
  const { id: invitationId, url } = await staff.createInvitation({ params, body });
  return {
    url,
    invitationId,
    candidacyId,
    async elsewhere() {
      const client = createClient(assessmentApi, candidateUrl);
      await client.acceptInvitation({ body: { secret: new URL(url).pathname.split('/').at(-1) ?? '' } });
      return client;
    },
  };
}
