import { deleteFile, getTask, type InputOf, saveFile, submitTask } from '@assay/contracts/http';
import { Database, deleteWorkspaceFile, getTaskView, saveWorkspaceFile, submitTaskOf } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';
import { CommittedWork } from './committed-work.js';

@Controller()
export class WorkspaceController {
  constructor(
    private readonly db: Database,
    private readonly work: CommittedWork,
  ) {}

  @Endpoint(getTask)
  get({ params }: InputOf<typeof getTask>, { caller }: Call<typeof getTask>) {
    return getTaskView(this.db, caller.attemptId, params.taskId);
  }

  @Endpoint(saveFile)
  save({ params, body }: InputOf<typeof saveFile>, { caller }: Call<typeof saveFile>) {
    return saveWorkspaceFile(this.db, caller.attemptId, params.taskId, body);
  }

  @Endpoint(deleteFile)
  delete({ params, query }: InputOf<typeof deleteFile>, { caller }: Call<typeof deleteFile>) {
    return deleteWorkspaceFile(this.db, caller.attemptId, params.taskId, query.path);
  }

  @Endpoint(submitTask)
  async submit({ params }: InputOf<typeof submitTask>, { caller, requestId }: Call<typeof submitTask>) {
    const submitted = await submitTaskOf(this.db, caller.attemptId, params.taskId);
    const { gradingId, turn } = submitted;
    await this.work.enqueue('grading.grade', { gradingId, dispatch: 1, requestId }, turn);
    return {
      id: submitted.submissionId,
      taskId: submitted.taskId,
      files: submitted.files,
      sha256: submitted.sha256,
      queuePosition: submitted.queuePosition,
      submittedAt: submitted.submittedAt.toISOString(),
    };
  }
}
