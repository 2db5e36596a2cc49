import { afterAll, describe, expect, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const PROBE = { probe: 'huge', ping: '/ping', request: 'POST /things' };
const judge = (candidate: string) => judgeBy(engine, PROBE, CUTTING, candidate);

const KEPT_WAITING =
  'A body that is larger than allowed must be refused before all of it has come: with 413, or by closing the connection.';

/** Reads a body piece by piece; `over` is what happens to each piece that makes it too large. */
const reading = (over: string) =>
  serving(`
  let bytes = 0;
  const kept = [];
  request.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > 1024 * 1024) { ${over} }
    else kept.push(chunk);
  });
  request.on('end', () => response.headersSent || response.writeHead(bytes > 1024 * 1024 ? 413 : 200).end());
  return;`);
const REFUSE = `if (!response.headersSent) response.writeHead(413).end();`;
const CUTTING = reading(`${REFUSE} setImmediate(() => request.destroy());`);

describe('huge', () => {
  test.each([
    ['refuses and closes', CUTTING],
    ['closes without an answer', reading('request.destroy();')],
    ['refuses and reads no more', reading(`${REFUSE} request.pause();`)],
    ['refuses and throws away the rest', reading(REFUSE)],
  ])('passes a server that %s', async (_what, candidate) => {
    expect(await judge(candidate)).toEqual(PASSED);
  });

  test('fails one that has no limit', async () => {
    const unlimited = serving(`await bodyOf(request); return response.end();`);
    expect(await judge(unlimited)).toMatchObject({ verdict: 'failed', message: KEPT_WAITING });
  });

  test('fails one that looks once the body is complete', async () => {
    const late = serving(
      `const body = await bodyOf(request); return response.writeHead(body.length > 1024 * 1024 ? 413 : 200).end();`,
    );
    expect(await judge(late)).toMatchObject({ verdict: 'failed', message: KEPT_WAITING });
  });

  test('fails one that believes the content-length', async () => {
    const believing = serving(`
      if (Number(request.headers['content-length']) > 1024 * 1024) return response.writeHead(413).end();
      return response.end(await bodyOf(request));`);
    expect((await judge(believing)).message).toBe(KEPT_WAITING);
  });

  test('fails one that refuses and goes on collecting', async () => {
    const collecting = reading(`${REFUSE} kept.push(Buffer.from(chunk));`);
    expect(await judge(collecting)).toMatchObject({
      verdict: 'failed',
      message: 'What comes of a body after it was refused must not be kept in memory.',
      expected: expect.stringMatching(/^at most \d+(\.\d+)? MiB/),
    });
  });

  test('fails one that does not say what is wrong', async () => {
    expect(await judge(CUTTING.replace('413', '500'))).toMatchObject({ expected: '413', actual: '500' });
  });
});
