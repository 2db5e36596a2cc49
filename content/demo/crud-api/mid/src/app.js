import express from 'express';
import { booksRouter } from './booksRouter.js';
import { NotFound } from './errors.js';
import { errorHandler } from './middleware/errorHandler.js';
import { requireJson } from './middleware/requireJson.js';

export function createApp() {
  const app = express();

  app.disable('x-powered-by');
  app.disable('etag'); // weak by default, we set our own

  app.use(requireJson);
  app.use(express.json({ limit: '1mb' }));

  app.use('/v1/books', booksRouter);

  app.use((req) => {
    throw new NotFound(`${req.method} ${req.path} does not exist`);
  });
  app.use(errorHandler);

  return app;
}
