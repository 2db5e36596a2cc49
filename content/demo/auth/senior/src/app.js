import express from 'express';
import { authenticate, ownerOrAdmin } from './access.js';
import { errorHandler, notFound } from './http-error.js';
import { createLogin } from './login.js';
import { createOrderRoutes } from './order-routes.js';
import { createSessions } from './sessions.js';

export function createApp({ jwtKeys, loginWindowMs, users, orders }) {
  const sessions = createSessions({ jwtKeys });
  const app = express();
  app.disable('x-powered-by');

  app.get('/health', (_req, res) => {
    res.json({ status: 'ok' });
  });
  app.post('/login', express.json(), createLogin({ users, sessions, loginWindowMs }));

  // Deny by default: a route that is added below is guarded without anybody having to think of it.
  app.use(authenticate(sessions));

  app.post('/logout', (req, res) => {
    sessions.revoke(req.session);
    res.status(204).end();
  });
  app.use('/users/:id/orders', ownerOrAdmin, createOrderRoutes({ users, orders }));

  app.use((_req, _res, next) => next(notFound()));
  app.use(errorHandler);
  return app;
}
