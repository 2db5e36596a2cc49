import {
  checkRun,
  getRun,
  type InputOf,
  sendRequest,
  startRun,
  stopRun,
  streamRun,
} from '@assay/contracts/http';
import { jobOfRun } from '@assay/contracts/jobs';
import { Database, getLiveRunOf, getRunOf, insertChecksBeside, insertRun, stopLiveRun } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { CommittedWork } from '@assay/queue';
import { Controller } from '@nestjs/common';
import { LiveWorkspaces } from './collaboration/live-workspaces.js';
import { LiveRuns } from './live-runs.js';

@Controller()
export class RunController {
  constructor(
    private readonly db: Database,
    private readonly work: CommittedWork,
    private readonly live: LiveRuns,
    private readonly workspaces: LiveWorkspaces,
  ) {}

  @Endpoint(startRun)
  async start({ params, body }: InputOf<typeof startRun>, { caller, requestId }: Call<typeof startRun>) {
    await this.workspaces.save(caller.attemptId, params.taskId);
    const run = await insertRun(this.db, caller.attemptId, params.taskId, body.kind);
    const payload = { runId: run.id, dispatch: 1, requestId };
    await this.work.enqueue(jobOfRun(run.kind), [{ payload, turn: run.turn }]);
    return run;
  }

  @Endpoint(getRun)
  async get({ params }: InputOf<typeof getRun>, { caller }: Call<typeof getRun>) {
    const run = await getRunOf(this.db, caller.attemptId, params.runId);
    const isLive = run.kind === 'server' && run.state === 'running';
    return isLive ? { ...run, output: await this.live.outputOf(run.id) } : run;
  }

  @Endpoint(stopRun)
  async stop({ params }: InputOf<typeof stopRun>, { caller }: Call<typeof stopRun>): Promise<void> {
    await stopLiveRun(this.db, caller.attemptId, params.runId);
    await this.live.wake(params.runId);
  }

  @Endpoint(sendRequest)
  send({ params, body }: InputOf<typeof sendRequest>, { caller, signal }: Call<typeof sendRequest>) {
    return this.live.send(caller.attemptId, params.runId, body, signal);
  }

  @Endpoint(checkRun)
  async check({ params }: InputOf<typeof checkRun>, { caller, requestId }: Call<typeof checkRun>) {
    const run = await insertChecksBeside(this.db, caller.attemptId, params.runId);
    const payload = { runId: run.id, dispatch: 1, requestId };
    await this.work.enqueue('run.execute', [{ payload, turn: run.turn }]);
    return run;
  }

  @Endpoint(streamRun)
  async stream(
    { params }: InputOf<typeof streamRun>,
    { caller, lastEventId, signal }: Call<typeof streamRun>,
  ) {
    // Before the answer begins: later, no problem document can say it any more.
    await getRunOf(this.db, caller.attemptId, params.runId);
    await getLiveRunOf(this.db, caller.attemptId, params.runId);
    return this.live.follow(caller.attemptId, params.runId, lastEventId, signal);
  }
}
