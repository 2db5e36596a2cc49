import { createClient } from '@assay/contracts/client';
import { recruiterApi } from '@assay/contracts/http';
import type { SystemUnderLoad } from './system.js';

/** A candidate whose clock runs, with a session of their own. */
export interface Seat {
  /** The `cookie` header. */
  cookie: string;
}

/** So many are made at once: this is not what is measured. */
const AT_ONCE = 10;
let seatsMade = 0;

/** New candidates in a new role, each of whom has accepted the invitation to this task, agreed and started. */
export async function makeSeats(system: SystemUnderLoad, taskId: string, count: number): Promise<Seat[]> {
  const staff = createClient(recruiterApi, system.environment.ASSAY_PUBLIC_URL);
  await staff.logIn({ body: system.login });
  const { id: roleId } = await staff.createRole({
    body: { title: 'Engineer', targetLevel: 'mid', competencies: { rest: 3, struct: 2, sec: 2 } },
  });
  const { id: assessmentId } = await staff.createAssessment({
    body: { name: 'Assessment', minutes: 240, taskIds: [taskId] },
  });
  const makeSeat = async (): Promise<Seat> => {
    seatsMade += 1;
    const params = { roleId };
    const body = { name: `Candidate ${seatsMade}`, email: `candidate-${seatsMade}@mail.example` };
    const { id: candidacyId } = await staff.addCandidate({ params, body });
    const { url } = await staff.createInvitation({ params, body: { candidacyId, assessmentId } });
    return sitDown(system.environment.ASSAY_CANDIDATE_URL, new URL(url).pathname.split('/').at(-1) ?? '');
  };
  const seats: Seat[] = [];
  while (seats.length < count) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - seats.length) }, makeSeat);
    seats.push(...(await Promise.all(batch)));
  }
  return seats;
}

/** By hand and not by the typed client, which keeps the session's cookie to itself. */
async function sitDown(candidateUrl: string, secret: string): Promise<Seat> {
  const post = async (path: string, body: unknown, cookie?: string) => {
    const response = await fetch(new URL(path, candidateUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path} was answered with ${await response.text()}`);
    return response;
  };
  const { headers } = await post('/v1/session', { secret });
  const cookie = headers.getSetCookie()[0]?.split(';')[0];
  if (!cookie) throw new Error('the exchange of an invitation gave no session');
  await post('/v1/attempt/consent', { agreed: true }, cookie);
  await post('/v1/attempt/start', {}, cookie);
  return { cookie };
}
