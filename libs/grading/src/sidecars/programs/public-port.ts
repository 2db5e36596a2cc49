import type { Server, Socket } from 'node:net';
import { portTaken } from '../../harness/sidecar-access.js';
import { Refusal } from './control-server.js';
import { listening } from './listening.js';

/** Below the container's limit on open files, so that checks are always answered. */
const MAX_SOCKETS = 200;

/** Where the candidate's server finds a sidecar; checks may close it and open it again. */
export class PublicPort {
  readonly sockets = new Set<Socket>();
  /** The most that were open at a time. */
  peak = 0;

  /** `name` is for the candidate. */
  constructor(
    private readonly name: string,
    private readonly port: number,
    private readonly server: Server,
  ) {
    server.maxConnections = MAX_SOCKETS;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      this.peak = Math.max(this.peak, this.sockets.size);
      socket.on('error', () => {}); // the caller's end of it says what there is to say
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** Rejects with `Refusal` when something else listens there. */
  async open(): Promise<void> {
    if (this.server.listening) return;
    await listening(this.server, this.port).catch(() => {
      throw new Refusal(portTaken(this.name, this.port));
    });
  }

  /** Breaks all connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
