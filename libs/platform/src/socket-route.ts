import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Access } from '@assay/contracts/http';
import { AppError } from '@assay/core/error';
import type { Database } from '@assay/db';
import type { Type } from '@nestjs/common';
import { type WebSocket, WebSocketServer } from 'ws';
import { authoriseUpgrade } from './authorise.js';
import type { Caller } from './call.js';
import type { Logger } from './logger.js';
import { toProblem } from './problem.filter.js';
import { answerOnSocket } from './unreadable-request.js';

/** How soon a socket is closed whose session has ended, wherever it was ended. */
const LOOK_AT_SESSIONS_MS = 2_000;
/** For a client to answer that a socket closes; then it is cut. */
const CLOSE_WITHIN_MS = 1_000;

/** Close codes that a client may act on: log in again; come back in a moment. */
const SESSION_ENDED = 4401;
const GOING_AWAY = 1001;

/** A way in over WebSockets, beside the endpoints. */
export interface SocketRoute {
  path: string;
  access: Exclude<Access, 'public'>;
  /** A larger message ends its socket. */
  maxMessageBytes: number;
  /** Which of the API's providers takes the sockets. */
  handler: Type<SocketHandler>;
}

export interface SocketHandler {
  /** A socket whose caller may be here; `request` is the one that was upgraded. */
  accept(socket: WebSocket, request: IncomingMessage, caller: Caller): void;
  /** Keeps what it holds, as the process is about to end. Sockets are closed after it. */
  drain(): Promise<void>;
}

/** What the sockets of an API need to know of it. */
interface Surroundings {
  server: Server;
  ownUrl: string;
  realm: Caller['realm'];
  db: Database;
  logger: Logger;
  headersOf: (requestId: string) => Record<string, string>;
}

/**
 * Serves one socket route on the server's upgrades, under the rules of `authorise`: who may not is answered in HTTP,
 * and whose session ends later loses the socket. Gives what ends it all, in order.
 */
export function serveSockets(
  { path, access, maxMessageBytes }: SocketRoute,
  handler: SocketHandler,
  { server, ownUrl, realm, db, logger, headersOf }: Surroundings,
): () => Promise<void> {
  const sockets = new Map<WebSocket, IncomingMessage>();
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  let isClosing = false;

  const check = (request: IncomingMessage) => authoriseUpgrade(request, { access, ownUrl, realm }, db);

  async function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const refuse = (error: unknown) => {
      const requestId = randomUUID();
      answerOnSocket(socket, toProblem(error, requestId, logger), headersOf(requestId));
    };
    // Without a listener, a connection that breaks now would end the process.
    socket.on('error', () => socket.destroy());
    try {
      if (request.url?.split('?')[0] !== path) return refuse({ statusCode: 404 });
      if (isClosing) return refuse(new AppError('service.unavailable', 'Come back in a moment.'));
      const caller = await check(request);
      upgrades.handleUpgrade(request, socket, head, (opened) => {
        sockets.set(opened, request);
        opened.once('close', () => sockets.delete(opened));
        // What is wrong with a socket closes it; there is nothing else to do about it.
        opened.on('error', () => undefined);
        handler.accept(opened, request, caller);
      });
    } catch (error) {
      refuse(error);
    }
  }
  server.on('upgrade', (request, socket, head) => void upgrade(request, socket as Socket, head));

  // Side by side: their sessions are then looked up in one statement.
  const look = () =>
    Promise.all(
      [...sockets].map(([socket, request]) =>
        check(request).catch((error: unknown) => {
          if (error instanceof AppError) socket.close(SESSION_ENDED, error.code);
        }),
      ),
    );
  let looking = setTimeout(function again() {
    void look().finally(() => {
      if (!isClosing) looking = setTimeout(again, LOOK_AT_SESSIONS_MS);
    });
  }, LOOK_AT_SESSIONS_MS);

  return async () => {
    isClosing = true;
    clearTimeout(looking);
    await handler.drain();
    const closed = [...sockets.keys()].map(
      (socket) => new Promise<void>((resolve) => void socket.once('close', () => resolve())),
    );
    for (const socket of sockets.keys()) socket.close(GOING_AWAY, 'closing');
    const cut = setTimeout(() => {
      for (const socket of sockets.keys()) socket.terminate();
    }, CLOSE_WITHIN_MS);
    await Promise.all(closed);
    clearTimeout(cut);
  };
}
