import express from 'express';
import { Problem, sendProblem } from './problems.js';
import { books } from './routes.js';

export const app = express();

app.disable('x-powered-by');

app.use('/v1/books', books);

app.use(() => {
  throw new Problem(404, 'There is no such route');
});
app.use(sendProblem);
