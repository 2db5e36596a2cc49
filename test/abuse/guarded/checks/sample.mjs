import assert from 'node:assert/strict';

export default {
  'says-ok': async ({ http }) => assert.equal((await http.get('/')).text, 'ok', 'GET / must answer ok.'),
};
