import { ArchiveRefused, readArchive, writeZip } from '@assay/archive';
import {
  deleteFile,
  getFiles,
  getTask,
  type InputOf,
  MAX_FILE_BYTES,
  replaceFiles,
  saveFile,
  submitTask,
} from '@assay/contracts/http';
import { MAX_FILES, MAX_PROJECT_BYTES } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import {
  Database,
  deleteWorkspaceFile,
  getTaskView,
  type OpenWorkspace,
  readWorkspaceOf,
  replaceWorkspaceFiles,
  saveWorkspaceFile,
  submitTaskOf,
} from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { CommittedWork } from '@assay/queue';
import { Controller } from '@nestjs/common';
import { LiveWorkspaces } from './collaboration/live-workspaces.js';

const PROJECT_CAPS = { files: MAX_FILES, fileBytes: MAX_FILE_BYTES, totalBytes: MAX_PROJECT_BYTES };

@Controller()
export class WorkspaceController {
  constructor(
    private readonly db: Database,
    private readonly work: CommittedWork,
    private readonly workspaces: LiveWorkspaces,
  ) {}

  @Endpoint(getTask)
  get({ params }: InputOf<typeof getTask>, { caller }: Call<typeof getTask>) {
    return getTaskView(this.db, caller.attemptId, params.taskId);
  }

  @Endpoint(saveFile)
  save({ params, body }: InputOf<typeof saveFile>, { caller }: Call<typeof saveFile>) {
    const save = (workspace: OpenWorkspace) => saveWorkspaceFile(workspace, body);
    return this.workspaces.change(caller.attemptId, params.taskId, save);
  }

  @Endpoint(deleteFile)
  delete({ params, query }: InputOf<typeof deleteFile>, { caller }: Call<typeof deleteFile>) {
    const remove = (workspace: OpenWorkspace) => deleteWorkspaceFile(workspace, query.path);
    return this.workspaces.change(caller.attemptId, params.taskId, remove);
  }

  @Endpoint(getFiles)
  async download({ params }: InputOf<typeof getFiles>, { caller }: Call<typeof getFiles>) {
    const files = await readWorkspaceOf(this.db, caller.attemptId, params.taskId);
    return { archive: writeZip(files).toString('base64') };
  }

  @Endpoint(replaceFiles)
  async upload({ params, body }: InputOf<typeof replaceFiles>, { caller }: Call<typeof replaceFiles>) {
    const bytes = Buffer.from(body.archive, 'base64');
    const files = await readArchive(bytes, PROJECT_CAPS).catch((error: unknown) => {
      if (error instanceof ArchiveRefused) throw new AppError('archive.refused', error.reasons.join(' '));
      throw error;
    });
    const replace = (workspace: OpenWorkspace) => replaceWorkspaceFiles(workspace, files);
    return this.workspaces.change(caller.attemptId, params.taskId, replace);
  }

  @Endpoint(submitTask)
  async submit({ params }: InputOf<typeof submitTask>, { caller, requestId }: Call<typeof submitTask>) {
    await this.workspaces.save(caller.attemptId, params.taskId);
    const submitted = await submitTaskOf(this.db, caller.attemptId, params.taskId);
    const { gradingId, turn } = submitted;
    const payload = { gradingId, dispatch: 1, requestId };
    await this.work.enqueue('grading.grade', [{ payload, turn }]);
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
