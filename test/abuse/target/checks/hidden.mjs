import assert from 'node:assert/strict';

export default {
  'says-ok': async ({ http }) => {
    const answer = await http.get('/');
    assert.equal(answer.status, 200, 'GET / must answer 200.');
    assert.equal(answer.text, 'ok', 'GET / must answer ok.');
  },

  counts: async ({ http }) => {
    const first = (await http.get('/next')).json();
    const second = (await http.get('/next')).json();
    assert.deepEqual([first, second], [{ n: 1 }, { n: 2 }], 'GET /next must count from 1.');
  },
};
