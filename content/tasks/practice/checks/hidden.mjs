import { expectGreeting, expectSum } from './answers.mjs';

export default {
  'greets-anybody': async ({ http, random }) => {
    await expectGreeting(http, random.word(random.integer(3, 9)));
  },

  'adds-any-two-numbers': async ({ http, random }) => {
    await expectSum(http, random.integer(-1_000, 1_000), random.integer(-1_000, 1_000));
  },
};
