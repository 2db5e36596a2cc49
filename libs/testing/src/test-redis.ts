import { randomBytes } from 'node:crypto';

/** The tests' Redis, and a prefix that keeps one spec file's queues apart from all others. */
export function testRedis(): { url: string; prefix: string } {
  const url = process.env.ASSAY_TEST_REDIS_URL;
  if (!url)
    throw new Error('ASSAY_TEST_REDIS_URL is not set: run the tests through `npm test -- <arguments>`');
  return { url, prefix: `test-${randomBytes(6).toString('hex')}` };
}
