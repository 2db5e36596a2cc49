import {
  editKit,
  getFeedbackOfCandidacy,
  getKit,
  type InputOf,
  releaseFeedback,
  withdrawFeedback,
} from '@assay/contracts/http';
import {
  Database,
  getKitOf,
  previewFeedbackOf,
  releaseFeedbackOf,
  saveKitOf,
  withdrawFeedbackOf,
} from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class InterviewsController {
  constructor(private readonly db: Database) {}

  @Endpoint(getKit)
  kit({ params }: InputOf<typeof getKit>, { caller }: Call<typeof getKit>) {
    return getKitOf(this.db, caller, params.candidacyId);
  }

  @Endpoint(editKit)
  edit({ params, body }: InputOf<typeof editKit>, { caller }: Call<typeof editKit>) {
    return saveKitOf(this.db, caller, params.candidacyId, body);
  }

  @Endpoint(getFeedbackOfCandidacy)
  feedback(
    { params }: InputOf<typeof getFeedbackOfCandidacy>,
    { caller }: Call<typeof getFeedbackOfCandidacy>,
  ) {
    return previewFeedbackOf(this.db, caller, params.candidacyId);
  }

  @Endpoint(releaseFeedback)
  release({ params }: InputOf<typeof releaseFeedback>, { caller }: Call<typeof releaseFeedback>) {
    return releaseFeedbackOf(this.db, caller, params.candidacyId);
  }

  @Endpoint(withdrawFeedback)
  withdraw({ params }: InputOf<typeof withdrawFeedback>, { caller }: Call<typeof withdrawFeedback>) {
    return withdrawFeedbackOf(this.db, caller, params.candidacyId);
  }
}
