import express from 'express';
import { createBookRoutes } from './book-routes.js';
import { createCatalogue } from './catalogue.js';
import { notFound, problemHandler } from './problem.js';

export function createApp({ store }) {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/v1/books', createBookRoutes(createCatalogue(store)));
  app.use((_req, _res, next) => next(notFound('No such route')));
  app.use(problemHandler);
  return app;
}
