import express from 'express';
import { authRouter } from './authRouter.js';
import { NotFound } from './errors.js';
import { authenticate } from './middleware/authenticate.js';
import { authorizeOwner } from './middleware/authorizeOwner.js';
import { errorHandler } from './middleware/errorHandler.js';
import { ordersRouter } from './ordersRouter.js';

export function createApp() {
  const app = express();

  app.disable('x-powered-by');
  app.use(express.json());

  app.get('/health', (req, res) => {
    res.json({ status: 'ok' });
  });

  app.use(authRouter);
  app.use('/users/:id/orders', authenticate, authorizeOwner, ordersRouter);

  app.use(() => {
    throw new NotFound();
  });
  app.use(errorHandler);

  return app;
}
