import {
  answerAttemptRequest,
  getAccommodation,
  type InputOf,
  listAttemptRequests,
  setAccommodation,
} from '@assay/contracts/http';
import {
  answerAttemptRequestOf,
  Database,
  getAccommodationOf,
  listAttemptRequestsOf,
  setAccommodationOf,
} from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class AttemptSupportController {
  constructor(private readonly db: Database) {}

  @Endpoint(getAccommodation)
  get({ params }: InputOf<typeof getAccommodation>, { caller }: Call<typeof getAccommodation>) {
    return getAccommodationOf(this.db, caller, params.attemptId);
  }

  @Endpoint(setAccommodation)
  set({ params, body }: InputOf<typeof setAccommodation>, { caller }: Call<typeof setAccommodation>) {
    return setAccommodationOf(this.db, caller, params.attemptId, body);
  }

  @Endpoint(listAttemptRequests)
  list({ query }: InputOf<typeof listAttemptRequests>, { caller }: Call<typeof listAttemptRequests>) {
    return listAttemptRequestsOf(this.db, caller, query);
  }

  @Endpoint(answerAttemptRequest)
  answer(
    { params, body }: InputOf<typeof answerAttemptRequest>,
    { caller }: Call<typeof answerAttemptRequest>,
  ) {
    return answerAttemptRequestOf(this.db, caller, params.requestId, body.answer);
  }
}
