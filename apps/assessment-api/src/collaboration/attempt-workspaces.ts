import type { IncomingMessage } from 'node:http';
import type { CollaborationMessage } from '@assay/contracts/events';
import { AppError } from '@assay/core/error';
import { attemptStream, type Database, type EventFeed, whyNotOpen } from '@assay/db';
import type { Logger } from '@assay/platform';
import {
  type beforeHandleMessagePayload,
  type Connection,
  type DirectConnection,
  type Document,
  Hocuspocus,
  type onAuthenticatePayload,
} from '@hocuspocus/server';
import type { WebSocket } from 'ws';
import { type ClosedReason, closedReason, isOver } from './closed-reason.js';
import { LiveWorkspace } from './live-workspace.js';
import { readMessage } from './read-message.js';

/** A document that was changed over REST stays open so long, for the next change. */
const KEEP_OPEN_MS = 30_000;

/** Close codes: come back in a moment, and say what you have again; what you sent makes no sense. */
const COME_BACK = 1012;
const NONSENSE = 1007;

/** What we hang on each connection. */
interface Context {
  socket: WebSocket;
}

/**
 * The documents of one attempt, each named by its task's id: nothing else can be named, because nothing else is here.
 * Hocuspocus speaks the protocol; storing is ours.
 */
export class AttemptWorkspaces {
  private readonly live = new Map<string, LiveWorkspace>();
  private readonly closed = new Map<string, ClosedReason>();
  private readonly kept = new Map<string, { direct: DirectConnection; timer: NodeJS.Timeout }>();
  private readonly sockets = new Set<WebSocket>();
  private readonly hocuspocus: Hocuspocus;
  private readonly endWatch: () => void;

  constructor(
    private readonly surroundings: { db: Database; feed: EventFeed; logger: Logger },
    private readonly attemptId: string,
    private readonly onEmpty: () => void,
  ) {
    this.hocuspocus = new Hocuspocus({
      quiet: true,
      // Its own storing does nothing here, and need not wait for that.
      debounce: 0,
      onAuthenticate: (about) => this.admit(about),
      onLoadDocument: ({ document }) => this.load(document),
      connected: async ({ connection }) => this.welcome(connection),
      beforeHandleMessage: (about) => this.inspect(about),
      beforeUnloadDocument: ({ documentName }) => this.beforeUnload(documentName),
      afterUnloadDocument: async ({ documentName }) => this.drop(documentName),
    });
    // Events of the attempt tell of what opens and closes documents: a submission, its end, a break.
    this.endWatch = surroundings.feed.watch(attemptStream(attemptId), () => void this.lookAgain());
  }

  accept(socket: WebSocket, request: IncomingMessage): void {
    this.sockets.add(socket);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.endIfEmpty();
    });
    const context: Context = { socket };
    this.hocuspocus.handleConnection(socket, request, context);
  }

  /** For REST: the document, open in this process for a while. Throws when this attempt has no such task. */
  async open(taskId: string): Promise<LiveWorkspace> {
    const kept = this.kept.get(taskId);
    if (kept) kept.timer.refresh();
    else await this.keepOpen(taskId);
    const live = this.live.get(taskId);
    if (!live) throw new AppError('service.unavailable', 'Nothing was lost. Try again in a moment.');
    return live;
  }

  /** Stores what is pending of a task that is open here. */
  async save(taskId: string): Promise<void> {
    await this.live.get(taskId)?.save();
  }

  async saveAll(): Promise<void> {
    await Promise.all([...this.live.values()].map((live) => live.save()));
  }

  /** Stops everything; the caller has saved. */
  end(): void {
    this.endWatch();
    for (const { timer } of this.kept.values()) clearTimeout(timer);
    for (const live of this.live.values()) {
      live.forget();
      // Each counts who is away, every few seconds.
      live.document.destroy();
    }
  }

  private async keepOpen(taskId: string): Promise<void> {
    const direct = await this.hocuspocus.openDirectConnection(taskId).catch((error: unknown) => {
      this.endIfEmpty();
      // Hocuspocus hands through what `load` threw.
      throw error instanceof Refused ? error.cause : error;
    });
    const earlier = this.kept.get(taskId);
    if (earlier) {
      // Somebody else was faster.
      void direct.disconnect();
      earlier.timer.refresh();
      return;
    }
    const timer = setTimeout(() => this.letGo(taskId), KEEP_OPEN_MS).unref();
    this.kept.set(taskId, { direct, timer });
  }

  private letGo(taskId: string): void {
    const kept = this.kept.get(taskId);
    this.kept.delete(taskId);
    clearTimeout(kept?.timer);
    void kept?.direct.disconnect();
  }

  /** Refuses what is no task of this attempt. Whoever may only read is told so. */
  private async admit({ documentName, connectionConfig, context }: onAuthenticatePayload): Promise<void> {
    try {
      const why = await whyNotOpen(this.surroundings.db, this.attemptId, documentName);
      const reason = closedReason(why);
      // After a break its clients are to come back by themselves.
      if (reason === 'break') closeSocket(context, COME_BACK);
      if (why && !(reason && isOver(reason))) throw new Refused(why.code);
      if (reason) this.closed.set(documentName, reason);
      else this.closed.delete(documentName);
      connectionConfig.readOnly = reason !== null;
    } catch (error) {
      if (error instanceof Refused) throw error;
      this.surroundings.logger.warn({ err: error }, 'a document cannot be opened');
      // Refused, a client would not come back.
      closeSocket(context, COME_BACK);
      throw new Refused('service.unavailable');
    }
  }

  private async load(document: Document): Promise<void> {
    const about = { attemptId: this.attemptId, taskId: document.name };
    try {
      const live = await LiveWorkspace.open(this.surroundings, about, document, () => this.renew(document));
      this.live.set(document.name, live);
    } catch (error) {
      // Refused, a client would not come back.
      if (!(error instanceof AppError)) for (const socket of this.sockets) socket.close(COME_BACK);
      throw new Refused('service.unavailable', error);
    }
  }

  private welcome(connection: Connection): void {
    const { name } = connection.document;
    connection.onClose((_, event) => {
      if (event?.reason !== 'provider_initiated') closeSocket(connection.context, COME_BACK);
    });
    const reason = this.closed.get(name);
    const message = reason ? closedMessage(reason) : this.live.get(name)?.standing();
    if (message) connection.sendStateless(JSON.stringify(message));
  }

  /** Before Hocuspocus takes a message: what is late is kept apart, and what is too much is refused. */
  private async inspect({ connection, documentName, update }: beforeHandleMessagePayload): Promise<void> {
    const message = orClose(connection, () => readMessage(update));
    if (message.kind === 'other') return;
    const live = this.live.get(documentName);
    const reason = this.closed.get(documentName);
    if (!live) return;
    if (reason) {
      connection.readOnly = true;
      orClose(connection, () => live.late.add(message.update));
    } else if (!connection.readOnly && !live.takes(message.update.length)) {
      // What follows rests on what is refused, so nothing more of this connection can be taken.
      connection.readOnly = true;
      connection.sendStateless(JSON.stringify(TOO_MUCH));
    }
  }

  /** Unloading waits until all is stored: a rejection keeps the document. */
  private async beforeUnload(taskId: string): Promise<void> {
    const live = this.live.get(taskId);
    await live?.save();
    if (live?.stored.hasPending) throw new Refused('not stored yet');
  }

  private drop(taskId: string): void {
    this.live.get(taskId)?.forget();
    this.live.delete(taskId);
    this.endIfEmpty();
  }

  /**
   * Takes a document away that has closed: it may hold what came too late. Its clients come back, to one that holds what
   * is stored, and say what they have again.
   */
  private renew(document: Document): void {
    const connections = document.getConnections();
    this.letGo(document.name);
    this.hocuspocus.documents.delete(document.name);
    this.live.delete(document.name);
    for (const connection of connections) closeSocket(connection.context, COME_BACK);
    document.destroy();
    this.endIfEmpty();
  }

  /** Whether what is open here may still be changed. */
  private async lookAgain(): Promise<void> {
    for (const [taskId, live] of this.live) {
      try {
        const reason = closedReason(await whyNotOpen(this.surroundings.db, this.attemptId, taskId));
        if (reason === (this.closed.get(taskId) ?? null)) continue;
        if (reason) await live.close(reason);
        else this.renew(live.document);
      } catch (error) {
        this.surroundings.logger.warn({ err: error }, 'whether a document is open is not known');
      }
    }
  }

  private endIfEmpty(): void {
    if (this.sockets.size > 0 || this.live.size > 0 || this.kept.size > 0) return;
    this.end();
    this.onEmpty();
  }
}

const closedMessage = (reason: ClosedReason): CollaborationMessage => ({ type: 'closed', reason });

const TOO_MUCH: CollaborationMessage = {
  type: 'refused',
  path: null,
  code: 'document.too_large',
  detail: 'This is more than can be saved. Copy what you need of your last edits, then load the page again.',
};

/** Without a message, which Hocuspocus would print; it tells the client the reason. */
class Refused extends Error {
  constructor(
    readonly reason: string,
    cause?: unknown,
  ) {
    super('', { cause });
  }
}

/** For reading what a client has sent: what cannot be read ends its socket. */
function orClose<T>(connection: Connection, read: () => T): T {
  try {
    return read();
  } catch {
    closeSocket(connection.context, NONSENSE);
    throw new Refused('unreadable');
  }
}

/** The context is ours (`accept`), handed through by Hocuspocus untyped. */
function closeSocket(context: unknown, code: number): void {
  (context as Context).socket.close(code);
}
