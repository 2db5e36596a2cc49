import { expectField, expectGreeting, expectSum } from './answers.mjs';

export default {
  'says-that-it-lives': async ({ http }) => {
    expectField(await http.get('/health'), 'GET /health', 'status', 'ok');
  },

  'greets-by-name': async ({ http }) => {
    await expectGreeting(http, 'Ada');
    await expectGreeting(http, 'Grace');
  },

  'adds-two-numbers': async ({ http }) => {
    await expectSum(http, 2, 3);
    await expectSum(http, -1, 1);
  },
};
