import { ArchiveRefused, readArchive, writeZip } from '@assay/archive';
import {
  deleteFile,
  getFiles,
  getRun,
  getTask,
  type InputOf,
  MAX_FILE_BYTES,
  replaceFiles,
  saveFile,
  startRun,
  submitTask,
} from '@assay/contracts/http';
import type { JobName, JobPayload } from '@assay/contracts/jobs';
import { MAX_FILES, MAX_PROJECT_BYTES } from '@assay/core/assessment';
import { AppError } from '@assay/core/error';
import {
  Database,
  deleteWorkspaceFile,
  getRunOf,
  getTaskView,
  insertRun,
  readWorkspaceOf,
  replaceWorkspaceFiles,
  saveWorkspaceFile,
  submitTaskOf,
} from '@assay/db';
import { type Call, Endpoint, LOGGER, type Logger } from '@assay/platform';
import { JobProducer } from '@assay/queue';
import { Controller, Inject } from '@nestjs/common';

const PROJECT_CAPS = { files: MAX_FILES, fileBytes: MAX_FILE_BYTES, totalBytes: MAX_PROJECT_BYTES };

@Controller()
export class WorkspaceController {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobProducer,
    @Inject(LOGGER) private readonly logger: Logger,
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
    return replaceWorkspaceFiles(this.db, caller.attemptId, params.taskId, files);
  }

  @Endpoint(startRun)
  async run({ params }: InputOf<typeof startRun>, { caller, requestId }: Call<typeof startRun>) {
    const run = await insertRun(this.db, caller.attemptId, params.taskId);
    await this.enqueue('run.execute', { runId: run.id, dispatch: 1, requestId });
    return run;
  }

  @Endpoint(getRun)
  getRun({ params }: InputOf<typeof getRun>, { caller }: Call<typeof getRun>) {
    return getRunOf(this.db, caller.attemptId, params.runId);
  }

  @Endpoint(submitTask)
  async submit({ params }: InputOf<typeof submitTask>, { caller, requestId }: Call<typeof submitTask>) {
    const submitted = await submitTaskOf(this.db, caller.attemptId, params.taskId);
    await this.enqueue('grading.grade', { gradingId: submitted.gradingId, dispatch: 1, requestId });
    return {
      id: submitted.submissionId,
      taskId: submitted.taskId,
      files: submitted.files,
      sha256: submitted.sha256,
      submittedAt: submitted.submittedAt.toISOString(),
    };
  }

  /** What is enqueued here has been committed: if Redis is away now, the sweeper does it within seconds. */
  private async enqueue<N extends JobName>(name: N, payload: JobPayload<N>): Promise<void> {
    try {
      await this.jobs.enqueue(name, payload);
    } catch (error) {
      this.logger.warn({ payload, err: error }, `${name} not enqueued yet`);
    }
  }
}
