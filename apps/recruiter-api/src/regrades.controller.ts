import {
  adoptRegrade,
  getRegrade,
  type InputOf,
  listOutdatedSubmissions,
  listRegradedSubmissions,
  listRegrades,
  startRegrade,
} from '@assay/contracts/http';
import {
  adoptRegradeOf,
  Database,
  getRegradeOf,
  listOutdatedSubmissionsOf,
  listRegradedSubmissionsOf,
  listRegradesOf,
  startRegradeOf,
} from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { CommittedWork } from '@assay/queue';
import { Controller } from '@nestjs/common';

@Controller()
export class RegradesController {
  constructor(
    private readonly db: Database,
    private readonly work: CommittedWork,
  ) {}

  @Endpoint(listOutdatedSubmissions)
  outdated(
    { params, query }: InputOf<typeof listOutdatedSubmissions>,
    { caller }: Call<typeof listOutdatedSubmissions>,
  ) {
    return listOutdatedSubmissionsOf(this.db, caller, params.taskId, query);
  }

  @Endpoint(startRegrade)
  async start(
    { params, body }: InputOf<typeof startRegrade>,
    { caller, requestId }: Call<typeof startRegrade>,
  ) {
    const { regrade, queued } = await startRegradeOf(this.db, caller, params.taskId, body.submissionIds);
    await this.work.enqueue(
      'grading.grade',
      queued.map(({ gradingId, turn }) => ({ payload: { gradingId, dispatch: 1, requestId }, turn })),
    );
    return regrade;
  }

  @Endpoint(listRegrades)
  list({ query }: InputOf<typeof listRegrades>, { caller }: Call<typeof listRegrades>) {
    return listRegradesOf(this.db, caller, query);
  }

  @Endpoint(getRegrade)
  get({ params }: InputOf<typeof getRegrade>, { caller }: Call<typeof getRegrade>) {
    return getRegradeOf(this.db, caller, params.regradeId);
  }

  @Endpoint(listRegradedSubmissions)
  submissions(
    { params, query }: InputOf<typeof listRegradedSubmissions>,
    { caller }: Call<typeof listRegradedSubmissions>,
  ) {
    return listRegradedSubmissionsOf(this.db, caller, params.regradeId, query);
  }

  @Endpoint(adoptRegrade)
  adopt({ params, body }: InputOf<typeof adoptRegrade>, { caller }: Call<typeof adoptRegrade>) {
    return adoptRegradeOf(this.db, caller, params.regradeId, body.gradingIds);
  }
}
