import assert from 'node:assert/strict';

export default {
  'says-ok': async ({ http, postgres, redis, upstream, mail }) => {
    assert.equal((await http.get('/', { timeoutMs: 15_000 })).text, 'ok', 'GET / must answer ok.');
    // Whatever the candidate's server did: its checks still reach every sidecar.
    assert.deepEqual(await postgres.query('SELECT count(*)::int AS n FROM things'), [{ n: 1 }]);
    assert.equal(await redis.command('PING'), 'PONG');
    assert.deepEqual(await upstream.hits(), []);
    assert.deepEqual(await mail.messages(), []);
  },
};
