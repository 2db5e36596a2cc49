import assert from 'node:assert/strict';
import {
  bearer,
  expectStatus,
  logIn,
  logInWrongly,
  ordersOf,
  startWithKey,
  tokenFor,
  withKey,
} from './auth.mjs';
import { USERS } from './people.mjs';

/** How long things take. */

const PAIRS = 30;
const ROUNDS = 3;
const PER_SECOND = 50;
const UNANSWERED_AT_MOST = 10; // of 200: they count as slow ones already
const LOGINS_AT_LEAST = 8; // in a window of four seconds, in which the reference manages more than fifty

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Of the best half second: what else runs on the machine only adds, but who waits for logins always waits. */
function bestP95(latenciesMs) {
  const size = PER_SECOND / 2;
  const parts = Array.from({ length: latenciesMs.length / size }, (_, part) =>
    latenciesMs.slice(part * size, (part + 1) * size).toSorted((a, b) => a - b),
  );
  return Math.min(...parts.map((sorted) => sorted[Math.ceil(0.95 * size) - 1]));
}

async function timed(request) {
  const startedAt = performance.now();
  const response = await request();
  expectStatus(response, 401, 'A login with an unknown user name or a wrong password');
  return performance.now() - startedAt;
}

/** The medians of logins with unknown names and with wrong passwords, in turn. */
async function medians(http, random) {
  const known = random.shuffle(USERS);
  const unknown = known.map(({ username }) => ({ username: random.word(username.length + 1) }));
  const times = { known: [], unknown: [] };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const index = pair % known.length; // at most twice each, so that nobody has five failures
    const logins = [
      async () => times.known.push(await timed(() => logInWrongly(http, random, known[index]))),
      async () => times.unknown.push(await timed(() => logInWrongly(http, random, unknown[index]))),
    ];
    for (const login of random.shuffle(logins)) await login();
  }
  return { known: median(times.known), unknown: median(times.unknown) };
}

export const paceChecks = {
  'unknown-names-take-as-long': async ({ http, server, random }) => {
    const seen = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round > 0) await server.kill();
      await startWithKey({ server, random });
      const { known, unknown } = await medians(http, random);
      const ratio = unknown / known;
      if (ratio >= 0.7 && ratio <= 1.4) return;
      seen.push(`${unknown.toFixed(1)} ms instead of ${known.toFixed(1)} ms`);
    }
    assert.fail(
      `A login with an unknown user name should take as long as one with a wrong password, but took ${seen.join(', then ')}.`,
    );
  },

  'stays-fast-during-logins': async ({ compare, random }) => {
    const key = random.word(40);
    const [reader, ...others] = random.shuffle(USERS);
    const four = others.slice(0, 4);
    const request = { method: 'GET', path: ordersOf(reader), ...bearer(tokenFor(random, key, reader)) };

    await compare({
      env: withKey(key),
      measure: async ({ http, load }) => {
        const refused = [];
        const logInOnce = async (person) => {
          const { status } = await logIn(http, person, { timeoutMs: 20_000 });
          if (status !== 200) refused.push(status);
        };
        // The first requests of a process are slow for reasons of their own.
        for (const person of four) await logInOnce(person);
        for (let round = 0; round < 10; round += 1) {
          expectStatus(await http.request(request), 200, 'A GET of the own orders with a valid token');
        }
        const running = load.keepRunning(4, (worker) => logInOnce(four[worker]));
        const answers = await load.openLoop({
          perSecond: PER_SECOND,
          seconds: 4,
          request: () => request,
          timeoutMs: 3500, // 50 a second: never more than 175 at the same time
        });
        const logins = await running.stop();
        assert.ok(
          refused.length === 0 && logins.errors === 0 && logins.count >= LOGINS_AT_LEAST,
          'While four people log in again and again with right passwords, each login should be answered with 200.',
        );
        assert.ok(
          answers.errors <= UNANSWERED_AT_MOST &&
            Object.keys(answers.statuses).every((status) => status === '200'),
          'While four people log in again and again, other requests should be answered with 200.',
        );
        return bestP95(answers.latenciesMs);
      },
      limit: (reference) => Math.max(3 * reference, reference + 25),
      unit: 'ms',
      message:
        'While four people log in again and again, 95 of 100 other requests should be answered within the limit.',
    });
  },
};
