import express from 'express';
import { HttpError, sendError } from './errors.js';
import * as orders from './orders.js';
import * as users from './users.js';

export const app = express();

app.disable('x-powered-by');
app.use(express.json());

app.get('/health', (_req, res) => {
  res.json({ status: 'ok' });
});

// The routes do what they should, but they do it for everybody. Over to you.

app.get('/users/:id/orders', async (req, res) => {
  const user = await users.findById(req.params.id);
  if (!user) throw new HttpError(404, 'Not found');
  res.json({ items: await orders.ofUser(user.id) });
});

app.get('/users/:id/orders/:orderId', async (req, res) => {
  const order = await orders.find(req.params.orderId);
  if (!order) throw new HttpError(404, 'Not found');
  res.json(order);
});

app.patch('/users/:id/orders/:orderId', async (req, res) => {
  const order = await orders.find(req.params.orderId);
  if (!order) throw new HttpError(404, 'Not found');
  const note = req.body?.note;
  if (typeof note !== 'string' || note.length > 200) {
    throw new HttpError(400, 'note has to be a text of at most 200 characters');
  }
  res.json(await orders.setNote(order.id, note));
});

app.delete('/users/:id/orders/:orderId', async (req, res) => {
  const order = await orders.find(req.params.orderId);
  if (!order) throw new HttpError(404, 'Not found');
  await orders.remove(order.id);
  res.status(204).end();
});

app.use(() => {
  throw new HttpError(404, 'Not found');
});
app.use(sendError);
