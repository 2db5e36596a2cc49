import { StaffEvent } from '@assay/contracts/events';
import {
  addCandidate,
  getCandidacy,
  getLevel,
  type InputOf,
  listCandidacies,
  streamCandidacy,
} from '@assay/contracts/http';
import {
  assertCandidacyVisible,
  candidacyStream,
  Database,
  EventFeed,
  getCandidacyOf,
  getLevelOf,
  insertCandidacy,
  listCandidaciesOf,
} from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class CandidaciesController {
  constructor(
    private readonly db: Database,
    private readonly feed: EventFeed,
  ) {}

  @Endpoint(addCandidate)
  add({ params, body }: InputOf<typeof addCandidate>, { caller }: Call<typeof addCandidate>) {
    return insertCandidacy(this.db, caller, params.roleId, body);
  }

  @Endpoint(listCandidacies)
  list({ params, query }: InputOf<typeof listCandidacies>, { caller }: Call<typeof listCandidacies>) {
    return listCandidaciesOf(this.db, caller, params.roleId, query);
  }

  @Endpoint(getCandidacy)
  get({ params }: InputOf<typeof getCandidacy>, { caller }: Call<typeof getCandidacy>) {
    return getCandidacyOf(this.db, caller, params.candidacyId);
  }

  @Endpoint(getLevel)
  level({ params }: InputOf<typeof getLevel>, { caller }: Call<typeof getLevel>) {
    return getLevelOf(this.db, caller, params.candidacyId);
  }

  @Endpoint(streamCandidacy)
  async stream({ params }: InputOf<typeof streamCandidacy>, call: Call<typeof streamCandidacy>) {
    await assertCandidacyVisible(this.db, call.caller, params.candidacyId);
    return this.feed.follow(candidacyStream(params.candidacyId), call.lastEventId, StaffEvent, call.signal);
  }
}
