import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { withLogContext } from './log-context.js';
import { createLogger } from './logger.js';

function open() {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)) as Record<string, unknown>);
      done();
    },
  });
  return { lines, logger: createLogger('test', 'info', sink) };
}

describe('the logger', () => {
  it('says on every line inside of a request or a job what it belongs to, and outside nothing', async () => {
    const { lines, logger } = open();
    const work = async (id: string) => {
      await withLogContext({ jobId: id }, async () => {
        await Promise.resolve();
        withLogContext({ gradingId: 'g' }, () => logger.info('deep'));
        logger.info({ jobId: 'its own word' }, 'shallow');
      });
      logger.info('outside');
    };
    await Promise.all([work('one'), work('two')]);
    const seen = lines.map(({ msg, jobId, gradingId }) => [msg, jobId, gradingId]);
    expect(seen.filter(([msg]) => msg === 'deep')).toEqual([
      ['deep', 'one', 'g'],
      ['deep', 'two', 'g'],
    ]);
    expect(seen.filter(([msg]) => msg !== 'deep')).toEqual(
      expect.arrayContaining([
        ['shallow', 'its own word', undefined],
        ['outside', undefined, undefined],
      ]),
    );
  });

  it('cuts what has the name of a secret, and names levels in words', () => {
    const { lines, logger } = open();
    logger.warn({ password: 'sesame', headers: { cookie: 'sesame', 'idempotency-key': 'sesame' } }, 'hm');
    expect(lines).toMatchObject([{ level: 'warn', process: 'test', password: '[cut]' }]);
    expect(JSON.stringify(lines)).not.toContain('sesame');
  });
});
