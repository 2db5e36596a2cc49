import { describe, expect, it } from '@jest/globals';
import { isDatabaseDown } from './database-down.js';

/** As they were seen while Postgres was killed and started again (npm run chaos). */
const SEEN = {
  'refused by Node': Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
  'still starting, through Prisma': Object.assign(
    new Error('Invalid `prisma.session.findUnique()` invocation'),
    {
      code: 'P2039',
      meta: {
        driverAdapterError: {
          name: 'DriverAdapterError',
          cause: { originalCode: '57P03', kind: 'postgres' },
        },
      },
    },
  ),
  'not reachable, through a raw query of Prisma': Object.assign(new Error('Raw query failed'), {
    code: 'P2010',
    meta: { driverAdapterError: { cause: { kind: 'DatabaseNotReachable' } } },
  }),
  'a connection that broke before': new Error(
    'Client has encountered a connection error and is not queryable',
  ),
  'a connection that breaks now': new Error('Connection terminated unexpectedly'),
};

describe('isDatabaseDown', () => {
  it.each(Object.entries(SEEN))('knows %s', (_, error) => {
    expect(isDatabaseDown(error)).toBe(true);
  });

  it.each([
    ['a constraint', Object.assign(new Error('Unique constraint failed'), { code: 'P2002' })],
    ['a bug', new TypeError('x is not a function')],
    ['what is no error', 'Connection terminated'],
    ['nothing', null],
  ])('does not take %s for it', (_, error) => {
    expect(isDatabaseDown(error)).toBe(false);
  });
});
