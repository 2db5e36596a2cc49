import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer without its body, and how long it took from the request's first byte written to the answer's last read. */
export interface Answer {
  status: number;
  ms: number;
}

interface Request {
  method: string;
  path: string;
  cookie?: string;
  body?: unknown;
}

/** A request as the bytes that go over the wire. */
export function encodeRequest({ method, path, cookie, body }: Request): Buffer {
  const json = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...(cookie ? [`cookie: ${cookie}`] : []),
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${Buffer.byteLength(json)}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${json}`);
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One kept-alive HTTP connection with one request at a time. Reads no more of an answer than it must (status, length),
 * because a complete client, such as Node's own, would be slower than the servers that it is to load.
 */
export class HttpConnection {
  private received: Buffer = Buffer.alloc(0);
  private pending: {
    startedAtMs: number;
    resolve: (answer: Answer) => void;
    reject: (error: Error) => void;
  } | null = null;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('close', () => this.fail(new Error('the server has closed the connection')));
    socket.on('error', (error) => this.fail(error));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  /** Rejects when the connection breaks or the answer is none that can be measured. */
  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.pending = { startedAtMs: performance.now(), resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.fail(new Error(`an answer without its length:\n${head}`));
    if (this.received.length < headEnd + HEAD_END.length + Number(length)) return;
    this.received = Buffer.alloc(0);
    const { pending } = this;
    this.pending = null;
    // "HTTP/1.1 200 …"
    pending?.resolve({ status: Number(head.slice(9, 12)), ms: performance.now() - pending.startedAtMs });
  }

  private fail(error: Error): void {
    this.pending?.reject(error);
    this.pending = null;
  }
}
