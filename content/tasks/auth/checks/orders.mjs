import assert from 'node:assert/strict';
import {
  bearer,
  expectOrdersOf,
  expectStatus,
  orderPath,
  ordersOf,
  startWithKey,
  tokenFor,
} from './auth.mjs';
import { ADMINS, USERS } from './people.mjs';

/** Who reaches whose orders. */

const METHODS = ['GET', 'HEAD', 'PATCH', 'DELETE'];

const send = (http, method, path, { headers }, note = 'x') =>
  http.request({ method, path, headers, ...(method === 'PATCH' && { json: { note } }) });

/** Other ways to write a path that a server may take for the same. */
const spellings = (path) => [
  path.replace('/users/', '/USERS/'),
  path.replace('/users/', '/Users/'),
  path.replace('/orders', '/Orders'),
  path.replace('/users/u', '/users/%75'),
  path.replace('/users/u', '/%75sers/u'),
  path.replace('/users/', '//users/'),
  path.replace('/users/', '/users//'),
  path.replace('/users/', '/./users/'),
  `${path}/`,
  `${path}?`,
];

async function expectUntouched(http, person, auth, after) {
  const what = `A GET of the own orders, after ${after},`;
  const response = await http.get(ordersOf(person), auth);
  expectOrdersOf(person, response, what);
  const untouched = response.json().items.every((order) => order.note === '' && order.userId === person.id);
  assert.ok(untouched, `No order should be changed by ${after}.`);
}

export const orderChecks = {
  'hides-other-users': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person, other] = random.shuffle(USERS);
    const [admin] = random.shuffle(ADMINS);
    const auth = bearer(tokenFor(random, key, person));
    const nobody = { id: `u${random.digits(6)}` };
    const orderId = other.orders[0];

    for (const path of [ordersOf(other), orderPath(other, orderId)]) {
      for (const method of METHODS) {
        const what = `A ${method} of somebody else's orders`;
        expectStatus(await send(http, method, path, auth), 404, what);
        for (const spelling of spellings(path)) {
          const how = `${what}, by another spelling of the path,`;
          expectStatus(await send(http, method, spelling, auth), 404, how);
        }
      }
    }
    const invalid = await send(http, 'PATCH', orderPath(other, orderId), auth, 7);
    expectStatus(invalid, 404, "A PATCH of somebody else's order with an invalid note");

    for (const spelling of [`${ordersOf(other)}/`, ordersOf(other).replace('users', 'USERS')]) {
      const what = 'A GET without a token, by another spelling of the path,';
      expectStatus(await http.get(spelling), [401, 404], what);
    }
    for (const [theirs, absent] of [
      [ordersOf(other), ordersOf(nobody)],
      [orderPath(other, orderId), orderPath(nobody, `o${random.digits(6)}`)],
    ]) {
      const hidden = await http.get(theirs, auth);
      const missing = await http.get(absent, auth);
      expectStatus(missing, 404, 'A GET of the orders of a user id that nobody has');
      const bodies = [hidden, missing].map(({ text }) => text.replaceAll(/\b[uo]\d{3,6}\b/g, ''));
      assert.ok(
        bodies[0] === bodies[1],
        "The 404 for somebody else's orders should have the same body as for a user id that nobody has.",
      );
    }

    await expectUntouched(http, other, bearer(tokenFor(random, key, other)), 'requests of somebody else');
    await expectUntouched(http, person, auth, 'requests for orders of others');

    const adminAuth = bearer(tokenFor(random, key, admin));
    expectOrdersOf(other, await http.get(ordersOf(other), adminAuth), "An admin's GET of a user's orders");
    const path = orderPath(other, orderId);
    for (const method of ['GET', 'HEAD', 'PATCH']) {
      expectStatus(await send(http, method, path, adminAuth), 200, `An admin's ${method} of a user's order`);
    }
    expectStatus(await http.delete(path, adminAuth), 204, "An admin's DELETE of a user's order");
    expectStatus(await http.get(ordersOf(nobody), adminAuth), 404, 'An admin’s GET for an unknown user id');
  },

  'trusts-the-token-only': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person, other] = random.shuffle(USERS);
    const [admin] = random.shuffle(ADMINS);
    const { headers } = bearer(tokenFor(random, key, person));
    const claims = JSON.stringify({ sub: admin.id, role: 'admin' });
    const payload = Buffer.from(claims).toString('base64url');
    const rights = [
      { 'x-role': 'admin', 'x-user-role': 'admin', role: 'admin', 'x-admin': 'true' },
      { 'x-user-id': other.id, 'x-user': other.id, 'x-sub': other.id, 'x-username': other.username },
      { 'x-user': claims, 'x-claims': payload, 'x-jwt-payload': payload },
      { cookie: `role=admin; userId=${other.id}; user=${other.username}; admin=true` },
      { 'x-original-url': ordersOf(person), 'x-rewrite-url': ordersOf(person) },
      { 'x-http-method-override': 'OPTIONS', 'x-forwarded-user': admin.username, 'x-internal': 'true' },
    ];
    const what = "A request for somebody else's orders with headers that claim more rights";
    for (const more of rights) {
      for (const path of [ordersOf(other), orderPath(other)]) {
        expectStatus(await http.get(path, { headers: { ...headers, ...more } }), 404, what);
      }
    }
    const queries = ['role=admin', 'admin=true', `id=${person.id}`, `userId=${other.id}`, `sub=${other.id}`];
    for (const query of queries) {
      const response = await http.get(`${ordersOf(other)}?${query}`, { headers });
      expectStatus(
        response,
        404,
        "A request for somebody else's orders with a query that claims more rights",
      );
    }
    const json = { note: 'x', role: 'admin', admin: true, sub: other.id, userId: other.id, id: person.id };
    const patch = await http.request({ method: 'PATCH', path: orderPath(other), headers, json });
    expectStatus(patch, 404, "A PATCH of somebody else's order with a body that claims more rights");
    const own = await http.request({ method: 'PATCH', path: orderPath(person), headers, json });
    expectStatus(own, 200, 'A PATCH of an own order with fields that it does not know');
    const { items } = (await http.get(ordersOf(person), { headers })).json();
    assert.ok(
      items.length === person.orders.length && items.every((order) => order.userId === person.id),
      'A PATCH should change the note of an order, and nothing else.',
    );
  },

  'finds-orders-under-their-user': async ({ http, server, random }) => {
    const key = await startWithKey({ server, random });
    const [person, other] = random.shuffle(USERS);
    const [admin] = random.shuffle(ADMINS);
    const auth = bearer(tokenFor(random, key, person));
    const adminAuth = bearer(tokenFor(random, key, admin));

    const foreign = [orderPath(person, other.orders[0]), `${orderPath(person, other.orders[1])}/`];
    for (const path of random.shuffle(foreign)) {
      for (const method of METHODS) {
        const what = `A ${method} of another user's order under the own id`;
        expectStatus(await send(http, method, path, auth), 404, what);
      }
    }
    for (const method of METHODS) {
      const response = await send(http, method, orderPath(person, other.orders[0]), adminAuth);
      expectStatus(
        response,
        404,
        `An admin's ${method} of an order under the id of another user than its own`,
      );
    }
    const missing = await http.get(orderPath(person, `o${random.digits(6)}`), auth);
    expectStatus(missing, 404, 'A GET of an order that does not exist');
    const theirs = await http.get(foreign[0], auth);
    const bodies = [theirs, missing].map(({ text }) => text.replaceAll(/\bo\d{3,6}\b/g, ''));
    const same = "The 404 for another user's order should have the same body as for one that does not exist.";
    assert.ok(bodies[0] === bodies[1], same);

    await expectUntouched(http, other, bearer(tokenFor(random, key, other)), 'requests under another id');
    expectStatus(await http.get(orderPath(person), auth), 200, 'A GET of an own order');
  },
};
