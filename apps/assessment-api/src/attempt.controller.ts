import { CandidateEvent } from '@assay/contracts/events';
import {
  acceptInvitation,
  getAttempt,
  giveConsent,
  type InputOf,
  leaveAttempt,
  startAttempt,
  streamAttempt,
} from '@assay/contracts/http';
import {
  attemptStream,
  beginAttempt,
  Database,
  EventFeed,
  getAttemptView,
  recordConsent,
  revokeSession,
  startCandidateSession,
} from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class AttemptController {
  constructor(
    private readonly db: Database,
    private readonly feed: EventFeed,
  ) {}

  @Endpoint(acceptInvitation)
  async accept({ body }: InputOf<typeof acceptInvitation>, call: Call<typeof acceptInvitation>) {
    const { attemptId, ...session } = await startCandidateSession(this.db, body.secret);
    call.startSession(session);
    return getAttemptView(this.db, attemptId);
  }

  @Endpoint(leaveAttempt)
  async leave(_: InputOf<typeof leaveAttempt>, call: Call<typeof leaveAttempt>): Promise<void> {
    await revokeSession(this.db, call.caller.sessionId);
    call.endSession();
  }

  @Endpoint(getAttempt)
  get(_: InputOf<typeof getAttempt>, { caller }: Call<typeof getAttempt>) {
    return getAttemptView(this.db, caller.attemptId);
  }

  @Endpoint(giveConsent)
  consent(_: InputOf<typeof giveConsent>, { caller }: Call<typeof giveConsent>) {
    return recordConsent(this.db, caller.attemptId);
  }

  @Endpoint(startAttempt)
  start(_: InputOf<typeof startAttempt>, { caller }: Call<typeof startAttempt>) {
    return beginAttempt(this.db, caller.attemptId);
  }

  @Endpoint(streamAttempt)
  stream(_: InputOf<typeof streamAttempt>, { caller, lastEventId, signal }: Call<typeof streamAttempt>) {
    return this.feed.follow(attemptStream(caller.attemptId), lastEventId, CandidateEvent, signal);
  }
}
