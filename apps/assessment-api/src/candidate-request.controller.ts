import {
  appealResult,
  getRecord,
  type InputOf,
  PRACTICE_TASK_ID,
  reportProblem,
  requestExtraTime,
  resetPractice,
  undoWithdrawal,
  withdrawAttempt,
} from '@assay/contracts/http';
import {
  Database,
  getAttemptRecord,
  getAttemptView,
  insertAppeal,
  insertExtraTimeRequest,
  insertProblemReport,
  readPracticeStarter,
  replaceWorkspaceFiles,
  undoWithdrawalOf,
  withdrawAttemptOf,
} from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { CommittedWork } from '@assay/queue';
import { Controller } from '@nestjs/common';
import { LiveWorkspaces } from './collaboration/live-workspaces.js';

@Controller()
export class CandidateRequestController {
  constructor(
    private readonly db: Database,
    private readonly work: CommittedWork,
    private readonly workspaces: LiveWorkspaces,
  ) {}

  @Endpoint(requestExtraTime)
  extraTime({ body }: InputOf<typeof requestExtraTime>, { caller }: Call<typeof requestExtraTime>) {
    return insertExtraTimeRequest(this.db, caller.attemptId, body.text);
  }

  @Endpoint(reportProblem)
  report({ params, body }: InputOf<typeof reportProblem>, { caller }: Call<typeof reportProblem>) {
    return insertProblemReport(this.db, caller.attemptId, params.taskId, body.text);
  }

  @Endpoint(appealResult)
  appeal({ body }: InputOf<typeof appealResult>, { caller }: Call<typeof appealResult>) {
    return insertAppeal(this.db, caller.attemptId, body.text);
  }

  @Endpoint(resetPractice)
  async reset(_: InputOf<typeof resetPractice>, { caller }: Call<typeof resetPractice>): Promise<void> {
    const starter = await readPracticeStarter(this.db, caller.attemptId);
    await this.workspaces.change(caller.attemptId, PRACTICE_TASK_ID, (workspace) =>
      replaceWorkspaceFiles(workspace, starter),
    );
  }

  @Endpoint(getRecord)
  record(_: InputOf<typeof getRecord>, { caller }: Call<typeof getRecord>) {
    return getAttemptRecord(this.db, caller.attemptId);
  }

  @Endpoint(withdrawAttempt)
  async withdraw(_: InputOf<typeof withdrawAttempt>, { caller }: Call<typeof withdrawAttempt>) {
    await withdrawAttemptOf(this.db, caller.attemptId);
    return getAttemptView(this.db, caller.attemptId);
  }

  @Endpoint(undoWithdrawal)
  async undo(_: InputOf<typeof undoWithdrawal>, { caller, requestId }: Call<typeof undoWithdrawal>) {
    const queued = await undoWithdrawalOf(this.db, caller.attemptId);
    const jobs = queued.map(({ gradingId, turn }) => ({
      payload: { gradingId, dispatch: 1, requestId },
      turn,
    }));
    if (jobs.length > 0) await this.work.enqueue('grading.grade', jobs);
    return getAttemptView(this.db, caller.attemptId);
  }
}
