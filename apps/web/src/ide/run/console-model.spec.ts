import { describe, expect, it } from '@jest/globals';
import { EMPTY_DRAFT, isSame, keep, readableBody, toRequest } from './console-model.js';

const reply = (body: string, type = 'application/json', more = {}) => ({
  outcome: 'answered' as const,
  status: 200,
  headers: [{ name: 'Content-Type', value: type }],
  body,
  bodyEncoding: 'text' as const,
  isCut: false,
  ms: 1,
  ...more,
});

describe('a request of the console', () => {
  it('has its headers from lines, and says that JSON is JSON', () => {
    const draft = { ...EMPTY_DRAFT, method: 'POST' as const, headers: 'If-Match: "1"\n\n', body: '{"a":1}' };
    expect(toRequest(draft)).toMatchObject({
      request: {
        headers: [
          { name: 'If-Match', value: '"1"' },
          { name: 'content-type', value: 'application/json' },
        ],
      },
    });
  });

  it('sends what its writer says, also when that is wrong', () => {
    const draft = { ...EMPTY_DRAFT, headers: 'Content-Type: text/plain', body: '{"a":1}' };
    expect(toRequest(draft)).toMatchObject({ request: { headers: [{ value: 'text/plain' }] } });
    expect(toRequest({ ...EMPTY_DRAFT, body: '{' })).toMatchObject({ request: { headers: [], body: '{' } });
  });

  it.each([
    [{ target: 'books' }, /^The path must begin with \//],
    [{ target: '/a b' }, /^The path/],
    [{ headers: 'oops' }, /“oops” is no header/],
    [{ headers: 'a b: c' }, /^A header/],
  ])('is refused in a sentence: %j', (part, sentence) => {
    expect(toRequest({ ...EMPTY_DRAFT, ...part })).toEqual({ wrong: expect.stringMatching(sentence) });
  });
});

describe('the body of a reply', () => {
  it('is set in lines when it is JSON, and else shown as it came', () => {
    expect(readableBody(reply('{"a":1}'))).toBe('{\n  "a": 1\n}');
    expect(readableBody(reply('{"a":1}', 'application/problem+json'))).toContain('\n');
    expect(readableBody(reply('{"a":', 'application/json'))).toBe('{"a":');
    expect(readableBody(reply('{"a":1}', 'text/plain'))).toBe('{"a":1}');
    expect(readableBody(reply('//79', '', { bodyEncoding: 'base64' }))).toBe('(3 bytes that are no text)');
  });
});

describe('kept requests', () => {
  it('are the newest, each once', () => {
    const one = { ...EMPTY_DRAFT, target: '/1' };
    const two = { ...EMPTY_DRAFT, target: '/2' };
    expect(keep(keep(keep([], one), two), { ...one })).toEqual([one, two]);
    expect(isSame(one, two)).toBe(false);
  });
});
