import { afterAll, describe, expect, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const judge = (request: unknown, candidate: string) =>
  judgeBy(engine, { probe: 'header', ping: '/ping', request }, '', candidate);
const REDIRECT = { path: '/go?to={input}' };

const REDIRECTING = serving(
  `return response.writeHead(302, { location: encodeURI(query.get('to')) }).end();`,
);

describe('header', () => {
  test('passes a server that encodes what it echoes', async () => {
    expect(await judge(REDIRECT, REDIRECTING)).toEqual(PASSED);
  });

  test('passes one that refuses what it cannot echo, in a JSON body', async () => {
    const naming = serving(`
      const { name } = JSON.parse(await bodyOf(request));
      if (!/^[ -~]+$/.test(name)) return response.writeHead(400).end();
      return response.writeHead(201, { location: '/' + name }).end();`);
    expect(await judge({ method: 'POST', path: '/names', json: { name: 'my {input}' } }, naming)).toEqual(
      PASSED,
    );
  });

  test('fails one that fails on it', async () => {
    const failing = REDIRECTING.replace('encodeURI', '').replace(
      'void answer(request, response)',
      'answer(request, response).catch(() => response.writeHead(500).end())',
    );
    expect(await judge(REDIRECT, failing)).toMatchObject({
      message:
        'Whatever characters stand in a value that goes into a header, the request must be answered with a status below 500.',
      expected: 'a status below 500',
      actual: '500',
    });
  });

  test('fails one that crashes on it', async () => {
    expect(await judge(REDIRECT, REDIRECTING.replace('encodeURI', ''))).toMatchObject({
      verdict: 'crashed',
      message: expect.stringContaining('Invalid character in header content ["location"]'),
    });
  });

  test('fails one whose headers can be added to', async () => {
    const splitting = serving(`
      const to = query.get('to').replaceAll('\\0', '');
      return response.socket.end('HTTP/1.1 302 Found\\r\\nlocation: ' + to + '\\r\\ncontent-length: 0\\r\\n\\r\\n');`);
    expect((await judge(REDIRECT, splitting)).message).toBe(
      'What a client sends must never become a header line of its own in the answer.',
    );
  });
});
