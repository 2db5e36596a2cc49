import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { SIDECAR_PORTS } from '../../harness/sidecar-access.js';
import type { UpstreamHit, UpstreamReply } from '../../harness/upstream-tool.js';
import { serveControl } from './control-server.js';
import { PublicPort } from './public-port.js';
import { serveWhenTold } from './serve-when-told.js';
import { matcherOf, UpstreamScripts } from './upstream-scripts.js';

/** The upstream sidecar: answers the candidate as a check has scripted it, and remembers every request. */

const BODY_BYTES = 64 * 1024;
/** Of all bodies and hits together: whoever calls without end must not fill our memory. */
const KEPT_BYTES = 8 * 1024 * 1024;
const KEPT_HITS = 20_000;

const scripts = new UpstreamScripts();
let hits: UpstreamHit[] = [];
let keptBytes = 0;

const now = () => performance.timeOrigin + performance.now();

const server = http.createServer({ keepAliveTimeout: 60_000, requestTimeout: 0, headersTimeout: 0 });
const calls = new PublicPort('the upstream', SIDECAR_PORTS.upstream, server);
server.on('request', (request, response) => {
  const { method = '', url: path = '', headers } = request;
  const reply = scripts.next(method, path);
  const hit: UpstreamHit = { method, path, headers, body: '', startedMs: now(), endedMs: null, end: null };
  if (hits.length < KEPT_HITS) hits.push(hit);
  const end = (how: UpstreamHit['end']) => {
    if (hit.end) return;
    hit.end = how;
    hit.endedMs = now();
  };
  response.once('finish', () => end('answered'));
  response.once('close', () => end('aborted'));
  void answer(request, response, reply, hit, end).catch(() => end('aborted'));
});

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  reply: UpstreamReply,
  hit: UpstreamHit,
  end: (how: UpstreamHit['end']) => void,
): Promise<void> {
  hit.body = await readBody(request);
  const { status = 200, headers, body = '', delayMs = 0, fault } = reply;
  if (delayMs > 0) await delay(delayMs);
  if (hit.end || fault === 'hang') return;
  if (fault === 'reset') {
    end('reset');
    request.socket.resetAndDestroy();
  } else if (fault === 'stall') {
    const content = Buffer.from(body === '' ? 'incomplete' : body);
    response.writeHead(status, { ...headers, 'content-length': String(content.length) });
    response.write(content.subarray(0, content.length >> 1));
  } else {
    response.writeHead(status, headers).end(body);
  }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    const room = Math.max(0, Math.min(BODY_BYTES - bytes, KEPT_BYTES - keptBytes));
    const kept = part.subarray(0, room);
    parts.push(kept);
    bytes += kept.length;
    keptBytes += kept.length;
  }
  return Buffer.concat(parts).toString('utf8');
}

const operations = {
  script: ({ requests, replies }: { requests: string; replies: UpstreamReply[] }) =>
    scripts.set(requests, replies),
  hits: ({ requests }: { requests: string }) => {
    const matches = matcherOf(requests);
    return hits.filter(({ method, path }) => matches(method, path));
  },
  sockets: () => ({ open: calls.sockets.size, peak: calls.peak }),
  reset: () => {
    scripts.clear();
    hits = [];
    keptBytes = 0;
    calls.peak = calls.sockets.size;
  },
  stop: () => calls.close(),
  start: () => calls.open(),
};

serveWhenTold(async () => {
  await serveControl(SIDECAR_PORTS.upstreamControl, operations);
  await calls.open();
});
