import {
  bearer,
  expect401,
  expectOrdersOf,
  expectStatus,
  logIn,
  logInWrongly,
  ordersOf,
  startWithKey,
  tokenByLogin,
} from './auth.mjs';
import { ADA } from './people.mjs';

export default {
  'asks-for-a-token': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    expect401(await http.get(ordersOf(ADA)), 'A GET of orders without a token');
    expectStatus(await http.get('/health'), 200, 'A GET of /health without a token');
  },

  'lets-a-user-in': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    const token = await tokenByLogin(http, ADA);
    expectOrdersOf(ADA, await http.get(ordersOf(ADA), bearer(token)), 'A GET of the own orders');
  },

  'refuses-a-wrong-password': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    expect401(await logInWrongly(http, random, ADA), 'A login with a wrong password');
    expectStatus(await logIn(http, ADA), 200, 'A login with the right password');
  },

  'logs-a-user-out': async ({ http, server, random }) => {
    await startWithKey({ server, random });
    const token = await tokenByLogin(http, ADA);
    const loggedOut = await http.request({ method: 'POST', path: '/logout', ...bearer(token) });
    expectStatus(loggedOut, 204, 'A POST to /logout with a token');
    expect401(await http.get(ordersOf(ADA), bearer(token)), 'A GET of orders with a token that was revoked');
  },
};
