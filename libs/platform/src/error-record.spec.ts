import { describe, expect, it } from '@jest/globals';
import { recordError } from './error-record.js';

describe('what a log says of an error', () => {
  it('is its stack with those of its causes, the first cause first', () => {
    const root = new TypeError('the root');
    const middle = new Error('the middle', { cause: root });
    const { type, message, stack } = recordError(new Error('the top', { cause: middle }));
    expect({ type, message }).toEqual({ type: 'Error', message: 'the top' });
    const [top, second, third, ...more] = stack.split('\ncaused by: ');
    expect(more).toEqual([]);
    expect(top).toMatch(/^Error: the top\n {4}at .*error-record\.spec\.ts/);
    expect(second).toMatch(/^Error: the middle\n/);
    expect(third).toMatch(/^TypeError: the root\n/);
  });

  it('is nothing that a library has hung onto it', () => {
    const error = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(mira@mail.example) already exists.',
      parameters: ['sesame'],
    });
    expect(Object.keys(recordError(error))).toEqual(['type', 'message', 'code', 'stack']);
    expect(recordError(error).code).toBe('23505');
    expect(JSON.stringify(recordError(error))).not.toMatch(/sesame|mira/);
  });

  it.each([
    ['postgresql://assay:s%40same@db:5432/assay', 'postgresql://[cut]@db:5432/assay'],
    ['redis://:sesame@127.0.0.1:6379/0', 'redis://[cut]@127.0.0.1:6379/0'],
    ['GET /a/nUa0cVw1sdnJk2LmQ9 broke', 'GET /a/[cut] broke'],
    ['http://localhost:3000/setup#nUa0cVw1sdnJk2LmQ9', 'http://localhost:3000/setup#[cut]'],
    ['at file:///app/libs/db/src/members.ts:3:1', 'at file:///app/libs/db/src/members.ts:3:1'],
  ])('holds no secret of an address: %s', (said, logged) => {
    const record = recordError(new Error(said));
    expect(record.message).toBe(logged);
    expect(record.stack).not.toMatch(/sesame|s%40same|nUa0c/);
  });

  it('ends, even where causes go round and messages do not', () => {
    const error = new Error('x'.repeat(100_000));
    error.cause = error;
    const { message, stack } = recordError(error);
    expect(message.length + stack.length).toBeLessThan(20_000);
  });

  it('names what of several addresses was wrong, and what was thrown and is no error', () => {
    const several = new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:1')], '');
    expect(recordError(several).stack).toContain('caused by: Error: connect ECONNREFUSED 127.0.0.1:1');
    expect(recordError('sesame')).toEqual({ type: 'string', message: 'thrown, and no Error', stack: '' });
  });
});
