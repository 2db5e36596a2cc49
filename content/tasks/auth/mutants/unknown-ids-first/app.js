import express from 'express';
import { HttpError, sendError } from './errors.js';
import { requireOwner, requireToken } from './guards.js';
import { createLogin } from './login.js';
import { orderRoutes } from './order-routes.js';
import { createThrottle } from './throttle.js';
import { createTokens } from './tokens.js';
import * as users from './users.js';

/** The API. `keys`: `{ current, previous? }`, texts. */
export function createApp({ keys, loginWindowMs }) {
  const tokens = createTokens(keys);
  const throttle = createThrottle({ failures: 5, windowMs: loginWindowMs });
  const app = express();
  app.disable('x-powered-by');

  app.get('/health', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.post('/login', express.json(), createLogin({ tokens, throttle }));

  app.use(requireToken(tokens)); // Whatever comes below needs a token.

  app.post('/logout', (req, res) => {
    tokens.revoke(req.claims);
    res.status(204).end();
  });
  app.use('/users/:id/orders', async (req, _res, next) => {
    if (!(await users.findById(req.params.id))) throw new HttpError(404, 'No such user');
    next();
  }, requireOwner, orderRoutes);

  app.use(() => {
    throw new HttpError(404, 'Not found');
  });
  app.use(sendError);
  return app;
}
