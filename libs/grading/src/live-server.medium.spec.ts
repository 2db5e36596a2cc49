import type { ConsoleReply, ConsoleRequest } from '@assay/contracts/http';
import { waitFor } from '@assay/testing';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { ANSWERS, echoTask, serverFile } from '../test/echo-task.js';
import { createPlainNodeEngine } from '../test/plain-node-engine.js';
import { type LiveServer, startLiveServer } from './live-server.js';

/** What a live server and its console do, on plain processes. */
describe('a live server', () => {
  const engine = createPlainNodeEngine();
  const servers: LiveServer[] = [];
  let output = '';

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    output = '';
  });
  afterAll(() => engine.close());

  async function start(code: string, startTimeoutMs?: number): Promise<LiveServer> {
    const server = await startLiveServer({
      engine,
      bundle: echoTask({ hidden: { answers: ANSWERS }, startTimeoutMs }),
      files: serverFile(code),
      limitMs: 60_000,
      onOutput: (chunk) => {
        output += chunk.toString();
      },
    });
    servers.push(server);
    return server;
  }

  const request = (change: Partial<ConsoleRequest> = {}): ConsoleRequest => ({
    method: 'GET',
    target: '/',
    headers: [],
    body: '',
    bodyEncoding: 'text',
    ...change,
  });

  /** A server that does this with each `request` and `response`, or `socket`. */
  const answering = (code: string) => `import http from 'node:http';
    import net from 'node:net';
    http.createServer((request, response) => { ${code} }).listen(process.env.PORT, '127.0.0.1');`;

  const replyOf = async (code: string, change?: Partial<ConsoleRequest>): Promise<ConsoleReply> => {
    const server = await start(code);
    await server.listening;
    return server.ask(request(change));
  };

  it('says when it accepts connections, and what it prints on either side', async () => {
    const server = await start(`console.log('out'); console.error('err');\n${answering('response.end()')}`);
    expect(await server.listening).toBe(true);
    await waitFor('both lines', () => output.includes('out\n') && output.includes('err\n'));
    expect(server.outputTail()).toBe(output);
  });

  it('that does not listen in time may still do so later', async () => {
    const server = await start(
      `await new Promise((go) => setTimeout(go, 1_500));\n${answering('response.end("late")')}`,
      500,
    );
    expect(await server.listening).toBe(false);
    expect(await server.ask(request())).toMatchObject({ outcome: 'no_answer' });
    await waitFor('an answer', async () => (await server.ask(request())).outcome === 'answered');
  });

  it('is asked as its candidate says: repeated headers, bytes, no body', async () => {
    const echo = answering(`const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => response.end(JSON.stringify([request.rawHeaders, Buffer.concat(chunks).toString('hex')])));`);
    const reply = await replyOf(echo, {
      method: 'POST',
      headers: [
        { name: 'X-A', value: '1' },
        { name: 'x-a', value: '2' },
        { name: '__proto__', value: '3' },
      ],
      body: '//4A',
      bodyEncoding: 'base64',
    });
    const [rawHeaders, hex] = JSON.parse(reply.outcome === 'answered' ? reply.body : '[]') as [
      string[],
      string,
    ];
    expect(rawHeaders.join()).toContain('x-a,1,x-a,2,__proto__,3,content-length,3');
    expect(hex).toBe('fffe00');
  });

  it.each([
    [
      'breaks the connection',
      'request.socket.destroy();',
      /closed the connection without an answer to GET \//,
    ],
    ['speaks no HTTP', "request.socket.end('hello');", /is not valid HTTP/],
    ['sends too much', 'response.end(Buffer.alloc(2 ** 21));', /sent more than 1 MiB/],
    [
      'sends too many headers',
      "response.setHeader('x', 'x'.repeat(20_000)); response.end();",
      /16 KiB of headers/,
    ],
    [
      'cuts its answer short',
      "response.setHeader('content-length', 9); response.write('x'); setTimeout(() => response.destroy(), 50);",
      /before its answer/,
    ],
  ])('that %s is told of in a sentence', async (_, code, message) => {
    expect(await replyOf(answering(code))).toEqual({
      outcome: 'no_answer',
      message: expect.stringMatching(message),
    });
  });

  it('is not asked what cannot be sent', async () => {
    const headers = [{ name: 'trailer', value: 'x' }];
    const reply = await replyOf(answering('response.end()'), { method: 'POST', headers, body: 'x' });
    expect(reply).toMatchObject({
      message: expect.stringMatching(/^This request cannot be sent: .*Trailer/),
    });
  });

  it('tells a moved letter of a long text from a cut one', async () => {
    const reply = await replyOf(answering("response.end('x' + 'ä'.repeat(100_000));"));
    expect(reply).toMatchObject({ isCut: true, bodyEncoding: 'text', body: expect.stringMatching(/^xä+$/) });
  });

  it('gets eight requests at once and no more', async () => {
    const server = await start(answering('setTimeout(() => response.end(), 300);'));
    await server.listening;
    const replies = await Promise.all(Array.from({ length: 10 }, () => server.ask(request())));
    expect(replies.filter(({ outcome }) => outcome === 'answered')).toHaveLength(8);
    expect(replies.at(-1)).toMatchObject({ message: expect.stringMatching(/8 requests are under way/) });
  });

  it('has its end told in a sentence, whether it ended itself or was ended', async () => {
    const crashed = await start('process.exit(7);');
    expect(await crashed.ended).toEqual({
      message: 'Your server ended with exit code 7.',
      exitCode: 7,
      exitSignal: null,
    });
    const flooding = await start("setInterval(() => process.stdout.write('x'.repeat(100_000)), 1);");
    expect(await flooding.ended).toMatchObject({
      message: 'Your server printed more than 1 MB and was stopped.',
    });
  });

  it('leaves no pod behind, also when it could not be started', async () => {
    const refusing = { ...engine, openPod: async () => ({ ...(await engine.openPod()), start: refuse }) };
    const refuse = () => Promise.reject(new Error('no sandbox'));
    const bundle = echoTask({ hidden: { answers: ANSWERS } });
    const asked = startLiveServer({
      engine: refusing,
      bundle,
      files: [],
      limitMs: 1,
      onOutput: () => undefined,
    });
    await expect(asked).rejects.toThrow('no sandbox');
    expect(engine.openPods).toBe(0);
  });

  it('is ours when its console ends', async () => {
    const server = await start(answering('response.end()'));
    await server.close();
    await expect(server.ask(request())).rejects.toThrow(/console program ended/);
  });
});
