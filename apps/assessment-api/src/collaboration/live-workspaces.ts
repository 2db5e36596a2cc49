import type { IncomingMessage } from 'node:http';
import { type CandidateCaller, Database, EventFeed, type OpenWorkspace } from '@assay/db';
import { LOGGER, type Logger, type SocketHandler } from '@assay/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { AttemptWorkspaces } from './attempt-workspaces.js';

/** All documents that this process has open: of the sockets that it serves, and of changes over REST. */
@Injectable()
export class LiveWorkspaces implements SocketHandler {
  private readonly attempts = new Map<string, AttemptWorkspaces>();

  constructor(
    private readonly db: Database,
    private readonly feed: EventFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  accept(socket: WebSocket, request: IncomingMessage, { attemptId }: CandidateCaller): void {
    this.of(attemptId).accept(socket, request);
  }

  /** Changes a document over REST. What it holds already is stored with it. */
  async change<T>(
    attemptId: string,
    taskId: string,
    work: (stored: OpenWorkspace) => Promise<T>,
  ): Promise<T> {
    const live = await this.of(attemptId).open(taskId);
    return live.change(work);
  }

  /** Stores what is pending in this process, so that what comes next finds it. */
  async save(attemptId: string, taskId: string): Promise<void> {
    await this.attempts.get(attemptId)?.save(taskId);
  }

  async drain(): Promise<void> {
    const all = [...this.attempts.values()];
    await Promise.all(all.map((attempt) => attempt.saveAll()));
    for (const attempt of all) attempt.end();
  }

  private of(attemptId: string): AttemptWorkspaces {
    const open = this.attempts.get(attemptId);
    if (open) return open;
    const surroundings = { db: this.db, feed: this.feed, logger: this.logger };
    const made = new AttemptWorkspaces(surroundings, attemptId, () => this.attempts.delete(attemptId));
    this.attempts.set(attemptId, made);
    return made;
  }
}
