import { Console } from 'node:console';
import { createServer, type RequestListener } from 'node:http';
import { Duplex, Writable } from 'node:stream';

/** As much of Express as is used here; tasks have it, this project does not. */
interface Express {
  (): RequestListener & { use(...handlers: unknown[]): void };
  Router(): Record<
    'get' | 'post',
    (path: string, handle: (request: Request, response: Answer) => void) => void
  >;
  json(): unknown;
}
type Request = Record<'query' | 'params' | 'body', unknown>;
interface Answer {
  status(code: number): Answer;
  json(body: unknown): void;
}

/** What a server that listens makes Node load, and what most programs import. */
const USUAL_MODULES = ['node:cluster', 'node:crypto', 'node:dns', 'node:fs/promises', 'node:timers/promises'];

/** It takes a few milliseconds; a program is not to wait longer for it. */
const WITHIN_MS = 500;
const GET = 'GET /there/1?a=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const POST =
  'POST /there HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}';

/**
 * Has a server answer two requests, with Express where that is loaded: what nearly every program runs first is compiled
 * by then. The connection is in memory only; nobody listens. Never rejects.
 */
export async function rehearse(packages: readonly string[]): Promise<void> {
  try {
    for (const name of USUAL_MODULES) await import(name);
    new Console(new Writable({ write: (_chunk, _encoding, written) => written() })).log(
      'It listens on %d',
      1,
    );
    const listener = packages.includes('express') ? await withExpress() : plainly;
    for (const request of [GET, POST]) await answered(listener, request);
  } catch {
    // What it would have spared, the program does for itself.
  }
}

const plainly: RequestListener = (request, response) => {
  request.setEncoding('utf8').on('data', () => undefined);
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ path: new URL(request.url ?? '', 'http://localhost').pathname }));
  });
};

async function withExpress(): Promise<RequestListener> {
  const name: string = 'express'; // not a dependency of ours
  const { default: express } = (await import(name)) as { default: Express };
  const app = express();
  const router = express.Router();
  router.get('/there/:id', ({ query, params }, response) => response.status(200).json({ query, params }));
  router.post('/there', ({ body }, response) => response.status(201).json(body));
  app.use(express.json());
  app.use(router);
  return app;
}

function answered(listener: RequestListener, request: string): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, WITHIN_MS);
    const connection = new Duplex({
      read: () => undefined,
      write: (_chunk, _encoding, written) => written(),
      final(ended) {
        ended();
        clearTimeout(timer);
        resolve();
      },
    });
    createServer(listener).emit('connection', connection);
    connection.push(request);
  });
}
