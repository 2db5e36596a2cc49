import { AssertionError } from 'node:assert/strict';

/** What the sample and the hidden checks share. */

/** A candidate reads these messages: no diff is appended to them. */
function expectEqual(actual, expected, message) {
  if (Object.is(actual, expected)) return;
  throw new AssertionError({ message, actual, expected, operator: 'equal' });
}

/** Status 200, and one field of a JSON body. */
export function expectField(answer, what, field, expected) {
  expectEqual(answer.status, 200, `${what} should be answered with 200.`);
  expectEqual(
    answer.json()?.[field],
    expected,
    `${what} should give ${JSON.stringify({ [field]: expected })}.`,
  );
}

export async function expectGreeting(http, name) {
  const path = `/hello/${name}`;
  expectField(await http.get(path), `GET ${path}`, 'greeting', `Hello, ${name}!`);
}

export async function expectSum(http, a, b) {
  const what = `POST /sum with ${JSON.stringify({ a, b })}`;
  expectField(await http.post('/sum', { a, b }), what, 'sum', a + b);
}
