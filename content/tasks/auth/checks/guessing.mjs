import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect401, expectEqual, expectStatus, logIn, logInWrongly, startWithKey } from './auth.mjs';
import { USERS } from './people.mjs';

/** What happens to those who guess passwords or user names. */

const FAILURES = 5;
const LOCKED = 'A login to an account with five failed logins';

/** Headers that claim that a request comes from somewhere else. */
function fromElsewhere(random) {
  const address = Array.from({ length: 4 }, () => random.integer(1, 250)).join('.');
  return {
    headers: {
      'x-forwarded-for': address,
      'x-real-ip': address,
      'x-client-ip': address,
      forwarded: `for=${address}`,
      'user-agent': random.word(10),
    },
  };
}

async function fail(http, random, person, times = FAILURES) {
  for (let index = 0; index < times; index += 1) {
    const response = await logInWrongly(http, random, person, fromElsewhere(random));
    expect401(
      response,
      `A wrong password, for the ${['first', 'second', 'third', 'fourth', 'fifth'][index]} time`,
    );
  }
}

/** The seconds in a 429's Retry-After. */
function retryAfterIn(response, windowS = 60) {
  expectStatus(response, 429, LOCKED);
  const text = response.headers['retry-after'] ?? '';
  assert.match(text, /^[0-9]+$/, 'A 429 should have a Retry-After header with a whole number of seconds.');
  const seconds = Number(text);
  assert.ok(
    seconds >= 1 && seconds <= windowS,
    'The Retry-After of a 429 should be at least 1 and at most 60 (or LOGIN_WINDOW_SECONDS).',
  );
  return seconds;
}

const since = (startedAt) => (performance.now() - startedAt) / 1000;

/** What of an answer to a login may tell whether the account exists. */
function visible({ status, headers, text }, { username }) {
  const { date, 'retry-after': retryAfter, ...others } = headers;
  const named = Object.keys(others).sort();
  const told = Object.fromEntries(
    ['www-authenticate', 'content-type', 'cache-control'].map((name) => [name, headers[name]]),
  );
  return JSON.stringify([status, named, told, text.replaceAll(username, ''), retryAfter !== undefined]);
}

export const guessingChecks = {
  'throttles-failed-logins': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    const [locked, careful, other] = random.shuffle(USERS);

    await fail(http, random, careful, FAILURES - 1);
    expectStatus(await logIn(http, careful), 200, 'A right password after four failed logins');

    const startedAt = performance.now();
    await fail(http, random, locked);
    const seconds = retryAfterIn(await logIn(http, locked));
    assert.ok(
      seconds >= 59 - since(startedAt),
      'Retry-After should not end before the oldest of the five failures is 60 seconds old.',
    );
    for (let round = 0; round < 3; round += 1) {
      retryAfterIn(await logInWrongly(http, random, locked, fromElsewhere(random)));
      retryAfterIn(await logIn(http, locked, fromElsewhere(random)));
    }
    expectStatus(await logIn(http, other), 200, 'A login to another account while one gets 429');
  },

  'counts-failures-only': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    const [regular, forgetful, clumsy] = random.shuffle(USERS);

    for (let round = 0; round < FAILURES + 2; round += 1) {
      expectStatus(await logIn(http, regular), 200, 'A right password after nothing but successful logins');
    }
    for (let round = 0; round < FAILURES + 2; round += 1) {
      await http.post('/login', { username: clumsy.username });
    }
    expectStatus(await logIn(http, clumsy), 200, 'A right password after requests without a password');

    await fail(http, random, forgetful, FAILURES - 1);
    expectStatus(await logIn(http, forgetful), 200, 'A right password after four failed logins');
    expect401(
      await logInWrongly(http, random, forgetful),
      'A wrong password after four others and a right one',
    );
    expectStatus(
      await logIn(http, forgetful),
      429,
      'A right password after five failed logins with a successful one in between',
    );
  },

  'lifts-the-throttle-in-time': async ({ http, server, random }) => {
    const windowS = 5;
    await startWithKey({ server, random }, { LOGIN_WINDOW_SECONDS: String(windowS) });
    const people = random.shuffle(USERS);
    const afterAllEnded = async (person) => {
      const startedAt = performance.now();
      await fail(http, random, person);
      const first = await logIn(http, person);
      if (since(startedAt) > windowS - 1) return false; // Too slow a machine to say anything.
      const askedAt = performance.now();
      const seconds = retryAfterIn(first, windowS);
      for (let round = 0; round < 3; round += 1) await logInWrongly(http, random, person);
      await sleep(1000 * (seconds - since(askedAt)) + 250);
      const again = await logIn(http, person);
      expectStatus(again, 200, 'A right password after as many seconds as Retry-After said');
      return true;
    };
    const afterOneEnded = async (person) => {
      const startedAt = performance.now();
      await fail(http, random, person, 1);
      const firstAt = performance.now();
      await sleep(2500);
      const othersAt = performance.now();
      await fail(http, random, person, FAILURES - 1);
      const passedS = since(firstAt);
      const first = await logIn(http, person);
      if (since(startedAt) > windowS - 0.5) return false;
      const askedAt = performance.now();
      const seconds = retryAfterIn(first, windowS);
      assert.ok(
        seconds <= windowS - passedS + 1,
        'Retry-After should end when the oldest of the five failures stops counting.',
      );
      await sleep(1000 * (seconds - since(askedAt)) + 250);
      const wrong = await logInWrongly(http, random, person);
      const right = await logIn(http, person);
      if (since(othersAt) > windowS - 0.3) return false;
      expectStatus(wrong, 401, 'A wrong password after as many seconds as Retry-After said');
      expectStatus(
        right,
        429,
        'A login with five failures that still count, after an earlier one stopped counting,',
      );
      return true;
    };
    const untilSure = async (scenario) => {
      let isSure = false;
      for (let round = 0; round < 4 && !isSure; round += 1) isSure = await scenario(people.pop());
    };
    await Promise.all([untilSure(afterAllEnded), untilSure(afterOneEnded)]);
  },

  'counts-parallel-guesses': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    const [person, other] = random.shuffle(USERS);
    const guesses = Array.from({ length: 20 }, () =>
      logInWrongly(http, random, person, fromElsewhere(random)),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    const count = (status) => statuses.filter((other) => other === status).length;
    expectEqual(
      { 401: count(401), 429: count(429) },
      { 401: FAILURES, 429: 20 - FAILURES },
      'Of twenty wrong passwords that arrive together, five should get 401 and the others 429.',
    );
    expectStatus(await logIn(http, person), 429, LOCKED);
    expectStatus(await logIn(http, other), 200, 'A login to another account while one gets 429');
  },

  'unknown-names-look-alike': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    const [known] = random.shuffle(USERS);
    const unknown = { username: random.word(known.username.length + 2) };
    for (let round = 0; round <= FAILURES; round += 1) {
      const password = random.word(12);
      const [one, other] = [
        await logIn(http, { ...known, password }),
        await logIn(http, { ...unknown, password }),
      ];
      const status = round < FAILURES ? 401 : 429;
      expectStatus(one, status, round < FAILURES ? 'A login with a wrong password' : LOCKED);
      expectStatus(
        other,
        status,
        round < FAILURES
          ? 'A login with an unknown user name'
          : 'A login with an unknown user name after five failed ones',
      );
      assert.ok(
        visible(one, known) === visible(other, unknown),
        'A login with an unknown user name should get the same headers and body as one with a wrong password.',
      );
    }
  },
};
