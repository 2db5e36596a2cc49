import net from 'node:net';
import type { ProbedRequest } from '@assay/tasks';

const ANSWER_LENGTH = 64 * 1024;

/** A connection of which a probe sends each byte itself. Nothing that the server does to it throws. */
export class RawConnection {
  /** False until the server, or this side, has ended it. */
  isClosed = false;
  readonly closed: Promise<void>;
  /** Of the first answer; null when the connection closed without one. */
  readonly status: Promise<number | null>;
  private readonly socket: net.Socket;

  constructor(port: number) {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket = socket;
    socket.on('error', () => {}); // 'close' follows
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.isClosed = true;
        resolve();
      });
    });
    const answered = new Promise<number>((resolve) => {
      let answer = '';
      socket.setEncoding('latin1').on('data', (text: string) => {
        if (answer.length < ANSWER_LENGTH) answer += text;
        const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(answer) ?? [];
        if (status !== undefined) resolve(Number(status));
      });
    });
    this.status = Promise.race([answered, this.closed.then(() => null)]);
  }

  /** Resolves once the connection has taken it: false when it is closed. */
  write(part: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.socket.write(part, (error) => resolve(!error && !this.socket.destroyed));
    });
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** A request's head, without the empty line that ends it. */
export function rawHead({ method, path, headers }: ProbedRequest): string {
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}`;
}
