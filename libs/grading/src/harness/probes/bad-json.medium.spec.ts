import { afterAll, describe, expect, test } from '@jest/globals';
import { createPlainNodeEngine } from '../../../test/plain-node-engine.js';
import { judgeBy, PASSED, serving } from '../../../test/probing.js';

const engine = createPlainNodeEngine();
afterAll(() => engine.close());

const PROBE = { probe: 'bad-json', ping: '/ping', request: 'POST /things' };
const judge = (candidate: string) => judgeBy(engine, PROBE, STRICT, candidate);

const STRICT = serving(`
  let thing;
  try { thing = JSON.parse(await bodyOf(request)); } catch { return response.writeHead(400).end(); }
  if (typeof thing?.name !== 'string') return response.writeHead(422).end();
  return response.writeHead(201).end();`);

describe('bad-json', () => {
  test('passes a server that refuses what it cannot read', async () => {
    expect(await judge(STRICT)).toEqual(PASSED);
  });

  test('fails one that crashes', async () => {
    expect(await judge(STRICT.replace('catch {', 'finally {} if (false) {'))).toMatchObject({
      verdict: 'crashed',
      message: expect.stringContaining('SyntaxError'),
    });
  });

  test('fails one that calls it a failure of its own', async () => {
    expect(await judge(STRICT.replace('400', '500'))).toMatchObject({
      message: 'POST /things with a body that is not the JSON that was asked for must be answered with 4xx.',
      expected: 'a 4xx status',
      actual: '500',
    });
  });

  test('fails one that descends into what is nested', async () => {
    const walking = STRICT.replace(
      'if (typeof',
      'const walk = (value) => { for (const inner of Object.values(value ?? {})) walk(inner); }; walk(thing);\n  if (typeof',
    );
    expect(await judge(walking)).toMatchObject({
      verdict: 'crashed',
      message: expect.stringContaining('RangeError'),
    });
  });

  test('fails one that shows the stack, as Express does by itself', async () => {
    const open = STRICT.replace('catch { return response.writeHead(400).end();', (code) =>
      code
        .replace('catch', 'catch (error)')
        .replace('end()', 'end(error.stack.replaceAll("\\\\n", "<br> &nbsp;"))'),
    );
    expect((await judge(open)).message).toBe('No answer may show a stack trace.');
  });

  test('fails one that takes its time', async () => {
    const slow = STRICT.replace(
      'return response.writeHead(400)',
      'await delay(2000); return response.writeHead(400)',
    );
    expect(await judge(slow)).toMatchObject({
      message: 'A body that is not the JSON that was asked for must be refused quickly.',
      expected: expect.stringMatching(/^at most 1000 ms/),
    });
  });
});
